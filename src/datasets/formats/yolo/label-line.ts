import { clipToImage, cxcywhToXywh, type Size, xywhToXyxy, xyxyToXywh } from '../../../boxes/formats.ts';
import type { Extra } from '../../dataset.ts';
import type { DatasetProblemKind } from '../../problems.ts';

/** Boxes are rounded to 1/10,000 pixel: finer than labels, and coarse enough to hide rounding errors. */
const PIXEL_STEPS = 10_000;
/** Tolerance beyond the image, as a fraction of its size. Numbers farther outside are probably pixels. */
const BEYOND = 0.1;
/** A decimal number. `Number` alone would also accept hexadecimal numbers and empty text. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export type Box = readonly [left: number, top: number, width: number, height: number];

/** Deviation of a line from a plain box inside its image. */
export type LineRemark = 'outline' | 'short-outline' | 'extra-number' | 'cut';

export interface YoloLabel {
  readonly index: number;
  readonly box: Box;
  readonly extra: Extra;
  readonly remarks: readonly LineRemark[];
}

/** Reason that a line is unusable. */
export interface BadLine {
  readonly kind: DatasetProblemKind;
  readonly message: string;
}

export interface LabelFormat {
  /** Class names by class number. */
  readonly names: ReadonlyMap<number, string>;
  /** Count of key-point numbers after each box. They are ignored. */
  readonly keyPoints: number;
}

const toPixelSteps = (value: number) => Math.round(value * PIXEL_STEPS) / PIXEL_STEPS;
const bad = (message: string): BadLine => ({ kind: 'bad-box', message });
const isInside = (value: number) => value >= 0 && value <= 1;

/** Returns the problem if the words of a line are not numbers. */
function foreignText(words: readonly string[], read: readonly string[]): BadLine | undefined {
  const line = words.join(' ');
  if (words.length > 1 && words.slice(1).every((word) => /^[+-]?\d*,\d+$/.test(word))) {
    return bad('decimal commas, expected points as in 0.5');
  }
  if (/[,;]/.test(line)) return bad('commas or semicolons, expected spaces between the numbers');
  if (words.some((word) => /^[+-]?0x/i.test(word))) return bad('a hexadecimal number, expected decimal ones');
  if (read.some((word) => /^[+-]?(nan|inf(inity)?)$/i.test(word)))
    return bad('NaN or infinity, expected numbers from 0 to 1');
  const isWord = (word: string) => !NUMBER.test(word);
  if (words.length > 1 && words.every(isWord)) return bad('words, expected numbers; remove a header');
  const other = read.slice(1).find(isWord);
  return other === undefined ? undefined : bad(`${JSON.stringify(other)} is not a number`);
}

/** Maximum number of class numbers in a message. */
const LISTED = 8;

function numbering(names: LabelFormat['names']): string {
  const numbers = [...names.keys()].sort((a, b) => a - b);
  if (numbers.every((number, place) => number === place)) return 'numbered from 0';
  return `numbered ${numbers.slice(0, LISTED).join(', ')}${numbers.length > LISTED ? ' …' : ''}`;
}

function badClass(word: string, { names }: LabelFormat): BadLine | undefined {
  const shown = JSON.stringify(word.slice(0, 40));
  if (!NUMBER.test(word)) {
    const named = [...names].find(([, name]) => name === word);
    const remedy = named === undefined ? ', from 0' : `: ${named[0]} for ${shown}`;
    const message = `class ${shown}, expected its number${remedy}`;
    return { kind: 'unknown-category', message };
  }
  if (names.has(Number(word))) return undefined;
  const [[number, name] = []] = names;
  const message =
    names.size === 1
      ? `class ${shown}, expected ${number}: the only class is ${name}`
      : `class ${shown}, expected one of ${names.size} names, ${numbering(names)}`;
  return { kind: 'unknown-category', message };
}

function outlineLabel(index: number, numbers: readonly number[], image: Size): YoloLabel {
  const pixels = numbers.map((value, at) =>
    toPixelSteps(Math.min(1, Math.max(0, value)) * (at % 2 === 0 ? image.width : image.height)),
  );
  const xs = pixels.filter((_, at) => at % 2 === 0);
  const ys = pixels.filter((_, at) => at % 2 === 1);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const remarks: LineRemark[] = ['outline'];
  if (numbers.length === 6) remarks.push('short-outline');
  if (!numbers.every(isInside)) remarks.push('cut');
  const box = [left, top, Math.max(...xs) - left, Math.max(...ys) - top] as const;
  return { index, box, extra: { segmentation: [pixels] }, remarks };
}

function boxLabel(index: number, numbers: readonly number[], image: Size, hasExtra: boolean) {
  const remarks: LineRemark[] = hasExtra ? ['extra-number'] : [];
  const box = cxcywhToXywh(numbers as unknown as Box, image);
  const isCut = !numbers.every(isInside);
  const kept = isCut ? xyxyToXywh(clipToImage(xywhToXyxy(box), image)) : box;
  if ((box[2] > 0 && !(kept[2] > 0)) || (box[3] > 0 && !(kept[3] > 0))) {
    return bad('a box outside its image');
  }
  if (isCut) remarks.push('cut');
  return { index, box: kept.map(toPixelSteps) as unknown as Box, extra: {}, remarks };
}

/** Parses a label line: a class, and a box or an outline as fractions of the image size. */
export function parseLabelLine(line: string, image: Size, format: LabelFormat): YoloLabel | BadLine {
  const { keyPoints } = format;
  const words = line.split(/\s+/);
  const count = words.length - 1;
  const isOutline = keyPoints === 0 && count >= 6 && count % 2 === 0;
  // Text after a box is ignored.
  const read = isOutline ? words : words.slice(0, 5);
  const foreign = foreignText(words, read);
  if (foreign) return foreign;
  const wrongClass = badClass(words[0]!, format);
  if (wrongClass) return wrongClass;
  const [index = 0, ...numbers] = read.map(Number);
  if (keyPoints > 0 && count !== 4 + keyPoints) {
    return bad(
      `expected a class, four numbers (center x, center y, width, height) and ${keyPoints} for key points`,
    );
  }
  if (keyPoints === 0 && count !== 4 && count !== 5 && !isOutline) {
    const found = `${words.length} numbers, `;
    return bad(`${found}expected a class and four numbers (center x, center y, width, height)`);
  }
  const isNear = (value: number) => value >= -BEYOND && value <= 1 + BEYOND;
  const isBox = numbers.slice(0, 4).every(isNear) && numbers[2]! >= 0 && numbers[3]! >= 0;
  if (isOutline ? !numbers.every(isNear) : !isBox) {
    const range = "expected numbers from 0 to 1, as fractions of the image's width and height";
    if (count === 6 && isBox) return bad(`${range}; remove a confidence and a track id at the end`);
    return bad(numbers.some((value) => value > 1 + BEYOND) ? `pixels? ${range}` : range);
  }
  if (isOutline) return outlineLabel(index, numbers, image);
  return boxLabel(index, numbers, image, count === 5 && keyPoints === 0);
}
