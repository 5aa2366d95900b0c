import { uniformRandom } from '../foundation/random.ts';
import type { RgbImage } from '../image/decode.ts';
import type { Scene } from './scene.ts';

/** Blurs along one axis: each neighbor gets `weight`. Pixels at the ends do not change. */
function blurAxis(image: RgbImage, weight: number, axis: 'x' | 'y'): Uint8Array {
  const { data, width, height } = image;
  const step = axis === 'x' ? 3 : 3 * width;
  const row = 3 * width;
  const result = new Uint8Array(data);
  for (let y = 0; y < height; y++) {
    if (axis === 'y' && (y === 0 || y === height - 1)) continue;
    const [start, end] = axis === 'x' ? [y * row + 3, (y + 1) * row - 3] : [y * row, (y + 1) * row];
    for (let i = start; i < end; i++) {
      result[i] = (1 - 2 * weight) * data[i]! + weight * (data[i - step]! + data[i + step]!) + 0.5;
    }
  }
  return result;
}

/** Adds the flaws of a camera: a slight blur, and noise that is equal in all channels of a pixel. */
export function develop(
  image: RgbImage,
  { blur, noise, noiseSeed }: Pick<Scene, 'blur' | 'noise' | 'noiseSeed'>,
): RgbImage {
  const { width, height } = image;
  let data: Uint8Array = new Uint8Array(image.data);
  if (blur > 0) {
    data = blurAxis({ data, width, height }, blur, 'x');
    data = blurAxis({ data, width, height }, blur, 'y');
  }
  if (noise > 0) {
    const uniform = uniformRandom(noiseSeed);
    // Uint8Array would wrap around.
    const clamped = new Uint8ClampedArray(data.buffer);
    for (let i = 0; i < clamped.length; i += 3) {
      const change = noise * (uniform() + uniform() - 1);
      clamped[i] = clamped[i]! + change;
      clamped[i + 1] = clamped[i + 1]! + change;
      clamped[i + 2] = clamped[i + 2]! + change;
    }
  }
  return { data, width, height };
}
