import type { XywhPx } from '../boxes/formats.ts';
import { checkRange } from '../foundation/errors/check-range.ts';
import { MicroYoloError, printableValue } from '../foundation/errors/errors.ts';
import type { RawImage } from '../image/sources.ts';
import { type Canvas, type CanvasPackage, type Context2d, FONT, loadCanvas } from './canvas.ts';
import { undrawableTexts } from './glyphs.ts';
import { type Label, placeLabels } from './labels.ts';
import { classColor, luminance, textColor } from './palette.ts';
import { putPixels } from './pixels.ts';

/** A box to draw. */
export interface DrawnBox {
  /** Text on the box. */
  readonly label: string;
  /** Index of the class, from 0. It chooses the color. */
  readonly classId: number;
  /** Score, 0–1. Missing for true boxes. If missing, no score is drawn. */
  readonly score?: number | undefined;
  /** Left, top, width, height in pixels of the image. */
  readonly box: XywhPx;
}

const MAX_LABELS = 300;

interface Style {
  readonly lineWidth: number;
  readonly fontSize: number;
  readonly padding: number;
}

/**
 * Line width and font size for an image: 2 and 15 px for a longer side of 768 px, 5 and 35 px for 4,000 px. They grow
 * with the square root of the side, because large images tend to show more objects, not larger ones.
 */
function styleFor({ width, height }: RawImage): Style {
  const scale = Math.sqrt(Math.max(width, height));
  const lineWidth = Math.max(1, Math.round(0.08 * scale));
  const fontSize = Math.max(6, Math.min(Math.max(11, Math.round(0.55 * scale)), Math.floor(height / 3)));
  return { lineWidth, fontSize, padding: Math.max(1, Math.round(fontSize / 4)) };
}

/** Label text of a box. If no font can draw the name, it is the class number. */
function caption({ label, classId, score }: DrawnBox, undrawable: ReadonlySet<string>): string {
  const name = undrawable.has(label) ? `#${classId}` : label;
  return score === undefined ? name : `${name} ${Math.round(100 * score)}%`;
}

/** Truncates a text to a width, with an ellipsis. */
function shorten(context: Context2d, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  const letters = [...text];
  const beginning = (count: number) => `${letters.slice(0, count).join('')}…`;
  let [fits, tooLong] = [1, letters.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    if (context.measureText(beginning(middle)).width <= width) fits = middle;
    else tooLong = middle;
  }
  return beginning(fits);
}

/** Aligns a box to the pixel grid, so that its lines are not blurred. */
function alignBox([left, top, width, height]: XywhPx, lineWidth: number): XywhPx {
  const inset = (lineWidth % 2) / 2;
  const [x, y] = [Math.round(left), Math.round(top)];
  const right = Math.round(left + width);
  const bottom = Math.round(top + height);
  const inside = (length: number) => Math.max(0, length - 2 * inset);
  return [x + inset, y + inset, inside(right - x), inside(bottom - y)];
}

function drawFrame(context: Context2d, { box, classId }: DrawnBox, { lineWidth }: Style): void {
  const [left, top, width, height] = alignBox(box, lineWidth);
  const color = classColor(classId);
  // A dark or light outline keeps the line visible on any background.
  context.lineJoin = 'round';
  context.globalAlpha = 0.5;
  context.lineWidth = lineWidth + 2;
  context.strokeStyle = luminance(color) > 0.4 ? '#000000' : '#ffffff';
  context.strokeRect(left, top, width, height);
  context.globalAlpha = 1;
  context.lineWidth = lineWidth;
  context.strokeStyle = color;
  context.strokeRect(left, top, width, height);
}

/**
 * Draws boxes and labels on an image. Labels stay inside the image and avoid each other. A class has the same color
 * in every image. If no installed font can draw a name, the label is `#` and the class number. With more than 300
 * boxes, the others are drawn without labels.
 * @param given boxes, best first. Earlier labels take precedence. Boxes with NaN or infinite values are skipped
 * @param packages canvas packages in order of preference.
 * @default those of `loadCanvas`
 * @throws MicroYoloError `invalid-argument` for an invalid class index, an invalid box or unknown packages
 */
export async function drawDetections(
  image: RawImage,
  given: readonly DrawnBox[],
  packages?: readonly CanvasPackage[],
): Promise<Canvas> {
  if (!Array.isArray(given)) {
    throw new MicroYoloError('invalid-argument', `boxes ${printableValue(given)}: expected a list`, {
      field: 'boxes',
      received: given,
    });
  }
  for (const { box } of given) {
    if (Array.isArray(box) && box.length === 4) continue;
    const expected = 'expected [left, top, width, height]';
    throw new MicroYoloError('invalid-argument', `box ${printableValue(box)}: ${expected}`, {
      field: 'box',
      received: box,
    });
  }
  for (const { classId } of given) checkRange('classId', classId, 0, Number.MAX_SAFE_INTEGER, true);
  const boxes = given.filter(({ box }) => box.every(Number.isFinite));
  const createCanvas = await loadCanvas(packages);
  const canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  const style = styleFor(image);
  putPixels(context, image);
  for (const box of [...boxes].reverse()) drawFrame(context, box, style);

  context.font = `${style.fontSize}px "${FONT}"`;
  context.textBaseline = 'middle';
  // More labels would hide the picture, and the time to place them grows quadratically.
  const labeled = boxes.slice(0, MAX_LABELS);
  const undrawable = await undrawableTexts([...new Set(labeled.map(({ label }) => label))], packages);
  const texts = labeled.map((box) =>
    shorten(context, caption(box, undrawable), image.width - 2 * style.padding),
  );
  const labels = labeled.map(
    ({ box }, index): Label => ({
      box,
      width: Math.min(image.width, Math.ceil(context.measureText(texts[index]!).width) + 2 * style.padding),
      height: style.fontSize + 2 * style.padding,
    }),
  );
  const places = placeLabels(labels, image);
  // Draws the best label last, so that others never cover it.
  for (let index = labeled.length - 1; index >= 0; index--) {
    const color = classColor(labeled[index]!.classId);
    const { width, height } = labels[index]!;
    const left = Math.round(places[index]!.left);
    const top = Math.round(places[index]!.top);
    context.fillStyle = color;
    context.fillRect(left, top, width, height);
    context.fillStyle = textColor(color);
    context.fillText(texts[index]!, left + style.padding, top + height / 2);
  }
  return canvas;
}
