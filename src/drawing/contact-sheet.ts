import type { RgbImage } from '../image/decode.ts';
import { type Canvas, type Context2d, FONT, loadCanvas } from './canvas.ts';
import { type DrawnBox, drawDetections } from './draw-detections.ts';
import { putPixels, takePixels } from './pixels.ts';

export interface SheetPicture {
  readonly title: string;
  /** No larger than a cell. */
  readonly image: RgbImage;
  /** Left, top, width, height in pixels of the image. */
  readonly boxes: readonly DrawnBox[];
}

/** Layout, in pixels. */
const GAP = 12;
const TITLE = { height: 22, size: 13 };

function writeTitle(context: Context2d, title: string, left: number, top: number, width: number): void {
  let text = title;
  // Truncates the beginning, because the end of a path tells more.
  while (context.measureText(text).width > width && text.length > 2) text = `…${text.slice(2)}`;
  context.fillText(text, left, top + TITLE.height / 2);
}

/**
 * Draws pictures with their boxes in a grid, each in a square cell with its title below.
 * @param cell side of a cell in pixels
 */
export async function drawContactSheet(pictures: readonly SheetPicture[], cell: number): Promise<Canvas> {
  const columns = Math.max(1, Math.ceil(Math.sqrt(pictures.length)));
  const rows = Math.max(1, Math.ceil(pictures.length / columns));
  const createCanvas = await loadCanvas();
  const canvas = createCanvas(GAP + columns * (cell + GAP), GAP + rows * (cell + TITLE.height + GAP));
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.font = `${TITLE.size}px "${FONT}"`;
  context.textBaseline = 'middle';
  for (const [index, { title, image, boxes }] of pictures.entries()) {
    const left = GAP + (index % columns) * (cell + GAP);
    const top = GAP + Math.floor(index / columns) * (cell + TITLE.height + GAP);
    context.fillStyle = '#f0f0f0';
    context.fillRect(left, top, cell, cell);
    const drawn = await drawDetections(image, boxes);
    const x = left + Math.floor((cell - image.width) / 2);
    const y = top + Math.floor((cell - image.height) / 2);
    putPixels(context, takePixels(drawn.getContext('2d'), image), x, y);
    context.fillStyle = '#333333';
    writeTitle(context, title, left, top + cell, cell);
  }
  return canvas;
}
