import type { Size } from '../../boxes/formats.ts';
import { uniformRandom } from '../../foundation/random.ts';
import type { TrainingImage } from '../../training/loader/batch.ts';

/** Objects per image. */
const OBJECTS = 6;

/** Draws training images with colored rectangles as objects. The contents do not affect the time. */
export function drawnImages(
  count: number,
  { width, height }: Size,
  classes: number,
): readonly TrainingImage[] {
  const random = uniformRandom(1);
  const color = () => [256 * random(), 256 * random(), 256 * random()];
  return Array.from({ length: count }, () => {
    const pixels = new Uint8Array(3 * width * height);
    const fill = (left: number, top: number, right: number, bottom: number) => {
      const paint = color();
      for (let y = Math.floor(top); y < bottom; y++) {
        for (let x = Math.floor(left); x < right; x++) pixels.set(paint, 3 * (y * width + x));
      }
    };
    fill(0, 0, width, height);
    const truths = Array.from({ length: OBJECTS }, () => {
      const [w, h] = [width * (0.05 + random() / 2), height * (0.05 + random() / 2)];
      const [left, top] = [random() * (width - w), random() * (height - h)];
      fill(left, top, left + w, top + h);
      return { box: [left, top, left + w, top + h] as const, classId: Math.floor(random() * classes) };
    });
    return { pixels: pixels.map((value) => Math.min(255, value + 16 * random())), truths };
  });
}

/** Scalar inputs of the timed steps. The values do not affect the time. Small steps keep the weights finite. */
export const BENCHMARK_SCALARS: Readonly<Record<string, number>> = {
  'learningRate.kernels': 1e-4,
  'learningRate.norms': 1e-4,
  'learningRate.biases': 1e-4,
  momentum: 0.9,
  weightDecay: 5e-4,
  averageDecay: 0.999,
  clipNorm: 10,
  'gain.box': 5,
  'gain.objectness': 1,
  'gain.classes': 1,
};
