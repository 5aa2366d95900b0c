import { Candidates } from '../boxes/candidates.ts';
import { clipToImage, type Size, type XywhPx, type XyxyPx, xyxyToXywh } from '../boxes/formats.ts';
import { selectClasses } from '../foundation/classes/select-classes.ts';
import type { Placement } from '../image/letterbox.ts';
import type { PreparedImage } from '../image/prepare.ts';
import type { Decoder, Outputs } from './decoders/decoder.ts';
import { decoderView } from './foreign/decoder-view.ts';
import type { DetectSettings } from './options.ts';

/** Lowest score that is reported for detections below the threshold. */
export const LEAST_SCORE = 0.001;

/** A detected object. */
export interface Detection {
  /** Name of the class. */
  readonly label: string;
  /** Index of the label in the model's classes. */
  readonly classId: number;
  /** Objectness × class probability, 0–1. */
  readonly score: number;
  /** Left, top, width, height in pixels of the upright image. It lies inside the image unless `clip` is false. */
  readonly box: XywhPx;
}

/** Returns the boxes that overlap the image. Boxes in a letterbox's border would use up places in the list. */
function onImage(candidates: Candidates, { left, top, width, height }: Placement): Candidates {
  const { boxes } = candidates;
  return candidates.where((index) => {
    const shared = (axis: 0 | 1, from: number, length: number) =>
      Math.min(boxes[4 * index + axis + 2]!, from + length) - Math.max(boxes[4 * index + axis]!, from);
    return shared(0, left, width) > 0 && shared(1, top, height) > 0;
  });
}

/** Decodes a network's outputs for one image, in pixels of the input. */
export function readCandidates(
  outputs: Outputs,
  { placement, input }: Pick<PreparedImage, 'placement' | 'input'>,
  decoder: Decoder,
  classes: readonly string[],
  settings: DetectSettings,
): Candidates {
  const { scoreThreshold, classes: labels, multiLabel, clip } = settings;
  const candidates = new Candidates();
  const view = decoderView(placement, input, classes.length, scoreThreshold, multiLabel);
  decoder.decode(outputs, view, (left, top, right, bottom, score, classId) =>
    candidates.add(left, top, right, bottom, score, classId),
  );
  const shown = clip ? onImage(candidates, placement) : candidates;
  if (labels === undefined) return shown;
  const selected = new Set(selectClasses(labels, classes, 'the model'));
  const wanted = classes.map((label) => selected.has(label));
  const { classIds } = shown;
  return shown.where((index) => wanted[classIds[index]!]!);
}

/**
 * Converts kept boxes to detections.
 * @param toPhoto converts a box to pixels of the upright photo
 * @param photo size of the photo, if boxes are clipped to it
 */
export function detectionsOf(
  { boxes, scores, classIds, count }: Candidates,
  classes: readonly string[],
  toPhoto: (box: XyxyPx) => XyxyPx,
  photo: Size | undefined,
): readonly Detection[] {
  return Array.from({ length: count }, (_, index) => {
    const [left, top, right, bottom] = boxes.subarray(4 * index, 4 * index + 4);
    const box = toPhoto([left!, top!, right!, bottom!]);
    const classId = classIds[index]!;
    return {
      label: classes[classId]!,
      classId,
      score: scores[index]!,
      box: xyxyToXywh(photo ? clipToImage(box, photo) : box),
    };
  });
}

/** Returns the candidate with the highest score. */
export function bestOf(
  { count, scores, classIds }: Candidates,
  classes: readonly string[],
): Pick<Detection, 'label' | 'score'> | undefined {
  let best = 0;
  for (let index = 1; index < count; index++) if (scores[index]! > scores[best]!) best = index;
  return count === 0 ? undefined : { label: classes[classIds[best]!]!, score: scores[best]! };
}
