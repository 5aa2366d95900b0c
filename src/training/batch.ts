import { IMAGE_INPUT } from '../model/forward.ts';
import { type Assigner, denseTargets, type Head, type Truth } from './assigners/targets.ts';
import { TRUTHS_INPUT, targetInputs } from './losses/detection-loss.ts';

/** An image as the network sees it, with its true objects. */
export interface TrainingImage {
  /** [height, width, 3] of the network's input. */
  readonly pixels: Uint8Array;
  readonly truths: readonly Truth[];
}

export interface DetectionBatch {
  /** By the names of the step's inputs. */
  readonly tensors: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: Float32Array | Uint8Array }>
  >;
  /** Truths that the ignore rule cannot see, for want of room; they are assigned all the same. */
  readonly overflow: number;
}

/** Puts images and what the heads shall say of them into tensors for a step. */
export function detectionBatch(
  images: readonly TrainingImage[],
  input: { readonly width: number; readonly height: number },
  heads: readonly Head[],
  assign: Assigner,
  room: number,
): DetectionBatch {
  const { width, height } = input;
  const pixels = new Uint8Array(images.length * height * width * 3);
  const truths = new Float32Array(images.length * room * 4);
  let overflow = 0;
  images.forEach((image, index) => {
    pixels.set(image.pixels, index * height * width * 3);
    overflow += Math.max(0, image.truths.length - room);
    image.truths.slice(0, room).forEach(({ box }, place) => {
      truths.set(box, 4 * (index * room + place));
    });
  });
  const batch = images.length;
  const targets = denseTargets(
    images.map((image) => image.truths),
    heads,
    assign,
  );
  const targetTensors = heads.flatMap(({ layer, rows, columns }, index) => {
    const { positive, box, classId } = targets[index]!;
    const names = targetInputs(layer.name);
    const [anchors, cells] = [layer.anchors.length, rows * columns];
    return [
      [names.positive, { shape: [batch, anchors, 1, cells], data: positive }],
      [names.box, { shape: [batch, anchors, 4, cells], data: box }],
      [names.classId, { shape: [batch, anchors, 1, cells], data: classId }],
    ] as const;
  });
  return {
    tensors: {
      [IMAGE_INPUT]: { shape: [batch, height, width, 3], data: pixels },
      [TRUTHS_INPUT]: { shape: [batch, room, 4], data: truths },
      ...Object.fromEntries(targetTensors),
    },
    overflow,
  };
}
