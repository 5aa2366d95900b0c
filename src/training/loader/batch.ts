import type { Size, XyxyPx } from '../../boxes/formats.ts';
import { boxArea } from '../../boxes/iou.ts';
import { IMAGE_INPUT } from '../../models/forward/photograph.ts';
import {
  IGNORED_INPUT,
  TRUTH_CLASSES_INPUT,
  TRUTH_WEIGHTS_INPUT,
  TRUTHS_INPUT,
  targetInputs,
} from '../heads/inputs.ts';
import {
  type Assigner,
  denseTargets,
  type Head,
  type HeadTargets,
  isBox,
  type Truth,
} from '../heads/targets.ts';
import type { BoxRoom } from '../losses/detection-loss.ts';

/** A training image as the network sees it, with its objects. For classification, the image is its only object. */
export interface TrainingImage {
  /** Pixels of the network's input, [height, width, 3]. */
  readonly pixels: Uint8Array;
  /** Its objects. */
  readonly truths: readonly Truth[];
  /** Boxes in which predictions are neither right nor wrong, in pixels of the network's input. @default none */
  readonly ignored?: readonly XyxyPx[] | undefined;
}

/** Inputs of a training step for a batch of images. */
export interface DetectionBatch {
  /** Tensors by the names of the step's inputs. */
  readonly tensors: Readonly<
    Record<
      string,
      {
        /** Size of each axis. */
        readonly shape: readonly number[];
        /** Values in row-major order. */
        readonly data: Float32Array | Uint8Array;
      }
    >
  >;
  /**
   * Number of objects and ignored boxes that do not fit into the step. The ignore rule and an assigner in the graph
   * cannot see these objects, and these ignored boxes count as background. An assigner outside the graph sees all
   * objects.
   */
  readonly overflow: number;
  /** Number of objects whose boxes are not empty. */
  readonly truthCount: number;
  /** Number of these objects with an anchor cell. If the graph assigns, this is in its metrics instead. */
  readonly assigned: number | undefined;
}

/** Number of truths with at least one anchor cell. If several compete for a cell, one gets it. */
function countAssigned(targets: readonly HeadTargets[], images: number): number {
  const found = new Set<string>();
  for (const { truth } of targets) {
    const places = truth.length / images;
    truth.forEach((index, place) => {
      if (index >= 0) found.add(`${Math.floor(place / places)} ${index}`);
    });
  }
  return found.size;
}

function targetTensors(
  targets: readonly HeadTargets[],
  heads: readonly Head[],
  batch: number,
  isWeighted: boolean,
) {
  return heads.flatMap(({ layer, rows, columns }, index) => {
    const { positive, box, classId, weight } = targets[index]!;
    const names = targetInputs(layer.name);
    const [anchors, cells] = [layer.anchors.length, rows * columns];
    return [
      [names.positive, { shape: [batch, anchors, 1, cells], data: positive }],
      [names.box, { shape: [batch, anchors, 4, cells], data: box }],
      [names.classId, { shape: [batch, anchors, 1, cells], data: classId }],
      ...(isWeighted ? [[names.weight, { shape: [batch, anchors, 1, cells], data: weight }] as const] : []),
    ] as const;
  });
}

/**
 * Converts images and their targets to the input tensors of a step.
 * @param assign assigner outside the graph; if omitted, the graph assigns
 * @param room maximum number of truths per image
 * @param more whether the step takes weights, and its maximum number of ignored boxes per image; the largest are kept
 * @returns pixels, uint8 [batch, height, width, 3]; truths, [batch, room, 4] of left, top, right, bottom in input
 *     pixels, padded with 0; ignored boxes in the same format
 */
export function detectionBatch(
  images: readonly TrainingImage[],
  { width, height }: Size,
  heads: readonly Head[],
  assign: Assigner | undefined,
  room: number,
  { ignored: ignoredRoom = 0, isWeighted = false }: Omit<BoxRoom, 'truths'> = {},
): DetectionBatch {
  const batch = images.length;
  const pixels = new Uint8Array(batch * height * width * 3);
  const boxes = new Float32Array(batch * room * 4);
  const classes = new Float32Array(batch * room);
  const weights = new Float32Array(batch * room);
  let [overflow, count] = [0, 0];
  const away = new Float32Array(batch * ignoredRoom * 4);
  images.forEach(({ pixels: own, truths, ignored = [] }, index) => {
    pixels.set(own, index * height * width * 3);
    const there = truths.filter(isBox);
    count += there.length;
    overflow += Math.max(0, there.length - room);
    overflow += Math.max(0, ignored.length - ignoredRoom);
    const largestFirst =
      ignored.length > ignoredRoom ? ignored.toSorted((a, b) => boxArea(b) - boxArea(a)) : ignored;
    largestFirst.slice(0, ignoredRoom).forEach((box, place) => {
      away.set(box, 4 * (index * ignoredRoom + place));
    });
    there.slice(0, room).forEach(({ box, classId, weight = 1 }, place) => {
      boxes.set(box, 4 * (index * room + place));
      classes[index * room + place] = classId;
      weights[index * room + place] = weight;
    });
  });
  const truths = images.map((image) => image.truths);
  const targets = assign && denseTargets(truths, heads, assign);
  return {
    tensors: {
      [IMAGE_INPUT]: { shape: [batch, height, width, 3], data: pixels },
      [TRUTHS_INPUT]: { shape: [batch, room, 4], data: boxes },
      [TRUTH_CLASSES_INPUT]: { shape: [batch, room], data: classes },
      ...(ignoredRoom > 0 ? { [IGNORED_INPUT]: { shape: [batch, ignoredRoom, 4], data: away } } : {}),
      ...(isWeighted ? { [TRUTH_WEIGHTS_INPUT]: { shape: [batch, room], data: weights } } : {}),
      ...(targets ? Object.fromEntries(targetTensors(targets, heads, batch, isWeighted)) : {}),
    },
    overflow,
    truthCount: count,
    assigned: targets && countAssigned(targets, batch),
  };
}
