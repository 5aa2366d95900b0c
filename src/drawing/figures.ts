import type { XyxyPx } from '../boxes/formats.ts';
import type { RgbImage } from '../image/decode.ts';
import { type Canvas, type CanvasPackage, type Context2d, loadCanvas } from './canvas.ts';
import { putPixels, takePixels } from './pixels.ts';

type Point = readonly [x: number, y: number];
type Polygons = readonly (readonly Point[])[];
type Rgb = readonly [red: number, green: number, blue: number];

/** Something to paint on an image. Lengths are in pixels, colors 0–255. */
export type Painted =
  | {
      readonly kind: 'figure';
      /** Polygons, filled by the even-odd rule. */
      readonly outline: Polygons;
      /** Bounding box of the outline. */
      readonly box: XyxyPx;
      readonly fill: 'plain' | 'gradient' | 'stripes';
      readonly colors: readonly [Rgb, Rgb];
      /** Border along the inside of the outline. */
      readonly rim?: { readonly width: number; readonly color: Rgb };
    }
  | {
      readonly kind: 'strokes';
      readonly lines: readonly (readonly Point[])[];
      readonly width: number;
      readonly color: Rgb;
    };

type PaintedFigure = Extract<Painted, { kind: 'figure' }>;
type PaintedStrokes = Extract<Painted, { kind: 'strokes' }>;

/** Number of stripes across a figure. */
const STRIPES = 5;

const css = ([red, green, blue]: Rgb) => `rgb(${red}, ${green}, ${blue})`;

function tracePath(context: Context2d, outline: Polygons): void {
  context.beginPath();
  for (const polygon of outline) {
    polygon.forEach(([x, y], index) => {
      if (index === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.closePath();
  }
}

function drawStripes(context: Context2d, { box: [left, top, right, bottom], colors }: PaintedFigure): void {
  const width = (right - left) / STRIPES;
  context.fillStyle = css(colors[1]);
  for (let stripe = 1; stripe < STRIPES; stripe += 2) {
    context.fillRect(left + stripe * width, top, width, bottom - top);
  }
}

function drawFigure(context: Context2d, figure: PaintedFigure): void {
  const { outline, box, fill, colors, rim } = figure;
  tracePath(context, outline);
  context.fillStyle = css(colors[0]);
  if (fill === 'gradient') {
    const gradient = context.createLinearGradient(box[0], box[1], box[2], box[3]);
    gradient.addColorStop(0, css(colors[0]));
    gradient.addColorStop(1, css(colors[1]));
    context.fillStyle = gradient;
  }
  context.fill('evenodd');
  if (fill !== 'stripes' && !rim) return;
  context.save();
  context.clip('evenodd');
  if (fill === 'stripes') drawStripes(context, figure);
  if (rim) {
    tracePath(context, outline);
    // Twice the width, because the outer half of the line is clipped off.
    context.lineWidth = 2 * rim.width;
    context.lineJoin = 'miter';
    context.strokeStyle = css(rim.color);
    context.stroke();
  }
  context.restore();
}

function drawStrokes(context: Context2d, { lines, width, color }: PaintedStrokes): void {
  context.lineWidth = width;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.strokeStyle = css(color);
  for (const line of lines) {
    context.beginPath();
    line.forEach(([x, y], index) => {
      if (index === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    });
    context.stroke();
  }
}

/**
 * Paints figures and strokes, back to front, onto an image. Returns new pixels.
 * @param packages canvas packages in order of preference.
 * @default those of `loadCanvas`
 */
export async function paintFigures(
  image: RgbImage,
  items: readonly Painted[],
  packages?: readonly CanvasPackage[],
): Promise<RgbImage> {
  const createCanvas = await loadCanvas(packages);
  const canvas: Canvas = createCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  putPixels(context, image);
  for (const item of items) {
    if (item.kind === 'figure') drawFigure(context, item);
    else drawStrokes(context, item);
  }
  return takePixels(context, image);
}
