import { type Size, xywhToCxcywh } from '../../../boxes/formats.ts';
import { filledLines } from '../../../foundation/files/text.ts';
import { type OnProblem, shown } from '../../problems.ts';
import { type Box, type LabelFormat, parseLabelLine, type YoloLabel } from './label-line.ts';

/** Enough digits for 1/10,000 pixel in images of any size. */
const DIGITS = 10;

/** Parses YOLO labels: one box or outline per line. Lines that start with `#` are skipped. */
export function parseYoloLabels(
  text: string,
  image: Size,
  path: string,
  format: LabelFormat,
  report: OnProblem,
): readonly YoloLabel[] {
  const labels: YoloLabel[] = [];
  for (const { number, line } of filledLines(text)) {
    if (line.startsWith('#')) continue;
    const place = `${path}:${number}`;
    const label = parseLabelLine(line, image, format);
    if ('kind' in label) {
      report({ kind: label.kind, place, message: `${shown(line)}: ${label.message}` });
      continue;
    }
    if (label.box[2] === 0 || label.box[3] === 0) {
      report({ kind: 'empty-box', place, message: `${shown(line)} has no area; it is kept` });
    }
    labels.push(label);
  }
  return labels;
}

const written = (value: number) => String(Number(value.toFixed(DIGITS)));

/** Formats a label line. The center must be inside the image, and the box must not be larger than the image. */
export function yoloLine(index: number, box: Box, image: Size): string {
  return [String(index), ...xywhToCxcywh(box, image).map(written)].join(' ');
}
