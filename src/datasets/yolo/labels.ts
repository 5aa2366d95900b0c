import { cxcywhToXywh, type Size, xywhToCxcywh } from '../../boxes/formats.ts';
import type { Extra } from '../dataset.ts';
import { type OnProblem, shown } from '../problems.ts';
import { filledLines } from '../text.ts';

/** A ten-thousandth of a pixel: finer than labels are, and coarse enough to undo a division and its inverse. */
const PIXEL_STEPS = 10_000;
/** Enough digits for that in images of any size. */
const DIGITS = 10;
/** Programs round up; what is farther out was not divided by the image's size. */
const MOST = 1.001;

type Box = readonly [left: number, top: number, width: number, height: number];

export interface YoloLabel {
  readonly index: number;
  readonly box: Box;
  readonly extra: Extra;
}

const toPixelSteps = (value: number) => Math.round(value * PIXEL_STEPS) / PIXEL_STEPS;

function polygonLabel(index: number, points: readonly number[], image: Size): YoloLabel {
  const pixels = points.map((value, at) => toPixelSteps(value * (at % 2 === 0 ? image.width : image.height)));
  const xs = pixels.filter((_, at) => at % 2 === 0);
  const ys = pixels.filter((_, at) => at % 2 === 1);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const box = [left, top, Math.max(...xs) - left, Math.max(...ys) - top] as const;
  return { index, box, extra: { segmentation: [pixels] } };
}

function parseLine(line: string, image: Size, keyPoints: number): YoloLabel | string {
  const values = line.split(/\s+/).map(Number);
  const [index, ...given] = values as [number, ...number[]];
  if (keyPoints > 0 && given.length !== 4 + keyPoints) {
    return `expected a class, four numbers (center x, center y, width, height) and ${keyPoints} of key points`;
  }
  const numbers = keyPoints > 0 ? given.slice(0, 4) : given;
  const polygon = numbers.length >= 6 && numbers.length % 2 === 0;
  if (numbers.length !== 4 && !polygon)
    return 'expected a class and four numbers (center x, center y, width, height)';
  if (!numbers.every((value) => value >= 0 && value <= MOST)) {
    return "expected numbers from 0 to 1, as parts of the image's width and height";
  }
  if (polygon) return polygonLabel(index, numbers, image);
  const box = cxcywhToXywh(numbers as unknown as Box, image).map(toPixelSteps) as unknown as Box;
  return { index, box, extra: {} };
}

/**
 * Parses a file of YOLO labels: a line for each box, or outline, in parts of the image's size.
 * @param isClass whether a class number is known
 * @param keyPoints numbers of key points after each box, which are left out
 */
export function parseYoloLabels(
  text: string,
  image: Size,
  path: string,
  isClass: (index: number) => boolean,
  report: OnProblem,
  keyPoints = 0,
): readonly YoloLabel[] {
  const labels: YoloLabel[] = [];
  for (const { number, line } of filledLines(text)) {
    const place = `${path}:${number}`;
    const label = parseLine(line, image, keyPoints);
    if (typeof label === 'string') report({ kind: 'bad-box', place, message: `${shown(line)}, ${label}` });
    else if (!isClass(label.index)) {
      const message = `class ${shown(line.split(/\s+/)[0])}, expected the number of a class`;
      report({ kind: 'unknown-category', place, message });
    } else {
      if (label.box[2] === 0 || label.box[3] === 0) {
        report({ kind: 'empty-box', place, message: `${shown(line)} has no area; it is kept` });
      }
      labels.push(label);
    }
  }
  return labels;
}

const written = (value: number) => String(Number(value.toFixed(DIGITS)));

/** A line of labels. The box must lie where its numbers are from 0 to 1. */
export function yoloLine(index: number, box: Box, image: Size): string {
  return [String(index), ...xywhToCxcywh(box, image).map(written)].join(' ');
}
