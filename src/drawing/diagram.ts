import { type Canvas, type Context2d, FONT, loadCanvas } from './canvas.ts';

/** A box of a network diagram. */
export interface DiagramBlock {
  readonly name: string;
  readonly title: string;
  readonly kind: 'convolution' | 'depthwise' | 'resample' | 'join' | 'output';
  /** Names of its input blocks. Empty if it reads the image. */
  readonly inputs: readonly string[];
  /** Output shape, as text. */
  readonly shape: string;
  readonly parameters: number;
}

const COLORS: Readonly<Record<DiagramBlock['kind'], string>> = {
  convolution: '#cfe3f5',
  depthwise: '#d6f0e4',
  resample: '#f3ecd2',
  join: '#ececec',
  output: '#f6d9cc',
};

/** Layout, in pixels. */
const BLOCK = { width: 250, height: 40 };
const GAP = { x: 90, y: 14 };
const MARGIN = 40;
const TITLE_HEIGHT = 40;

interface Place {
  readonly column: number;
  readonly row: number;
  readonly x: number;
  readonly y: number;
}

/** Number of rows that makes the picture about square. */
function rowsFor(count: number): number {
  const aspect = (BLOCK.width + GAP.x) / (BLOCK.height + GAP.y);
  return Math.max(8, Math.ceil(Math.sqrt(count * aspect)));
}

/** Places blocks column by column, from top to bottom and left to right. */
function placeBlocks(blocks: readonly DiagramBlock[], rows: number): ReadonlyMap<string, Place> {
  return new Map(
    blocks.map(({ name }, index) => {
      const [column, row] = [Math.floor(index / rows), index % rows];
      const x = MARGIN + column * (BLOCK.width + GAP.x);
      const y = MARGIN + TITLE_HEIGHT + row * (BLOCK.height + GAP.y);
      return [name, { column, row, x, y }];
    }),
  );
}

function arrowHead(context: Context2d, x: number, y: number, dx: number, dy: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - 7 * dx - 4 * dy, y - 7 * dy - 4 * dx);
  context.lineTo(x - 7 * dx + 4 * dy, y - 7 * dy + 4 * dx);
  context.fill();
}

/** Draws a straight arrow to the block below, and a curve through the gap between the columns to any other block. */
function drawEdge(context: Context2d, from: Place, to: Place): void {
  const middle = BLOCK.height / 2;
  context.beginPath();
  if (from.column === to.column && to.row === from.row + 1) {
    const x = from.x + BLOCK.width / 2;
    context.moveTo(x, from.y + BLOCK.height);
    context.lineTo(x, to.y);
    context.stroke();
    return arrowHead(context, x, to.y, 0, 1);
  }
  const right = from.x + BLOCK.width;
  context.moveTo(right, from.y + middle);
  if (from.column === to.column) {
    const reach = Math.min(GAP.x - 20, 20 + 4 * (to.row - from.row));
    const end = to.x + BLOCK.width;
    context.bezierCurveTo(right + reach, from.y + middle, end + reach, to.y + middle, end, to.y + middle);
    context.stroke();
    return arrowHead(context, end, to.y + middle, -1, 0);
  }
  context.bezierCurveTo(
    right + GAP.x / 2,
    from.y + middle,
    to.x - GAP.x / 2,
    to.y + middle,
    to.x,
    to.y + middle,
  );
  context.stroke();
  return arrowHead(context, to.x, to.y + middle, 1, 0);
}

function drawBlock(
  context: Context2d,
  { title, kind, shape, parameters }: DiagramBlock,
  { x, y }: Place,
): void {
  context.fillStyle = COLORS[kind];
  context.fillRect(x, y, BLOCK.width, BLOCK.height);
  context.strokeStyle = '#666666';
  context.strokeRect(x, y, BLOCK.width, BLOCK.height);
  context.fillStyle = '#111111';
  context.font = `13px "${FONT}"`;
  context.fillText(title, x + 10, y + 13);
  context.fillStyle = '#555555';
  context.font = `11px "${FONT}"`;
  const weights = parameters > 0 ? `   ${parameters.toLocaleString('en-US')} parameters` : '';
  context.fillText(shape + weights, x + 10, y + 29);
}

/** Draws a network as blocks in execution order, with every connection. */
export async function drawDiagram(title: string, blocks: readonly DiagramBlock[]): Promise<Canvas> {
  const rows = rowsFor(blocks.length);
  const columns = Math.ceil(blocks.length / rows);
  const width = 2 * MARGIN + columns * (BLOCK.width + GAP.x);
  const height = 2 * MARGIN + TITLE_HEIGHT + Math.min(rows, blocks.length) * (BLOCK.height + GAP.y);
  const createCanvas = await loadCanvas();
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  context.fillStyle = '#111111';
  context.font = `20px "${FONT}"`;
  context.fillText(title, MARGIN, MARGIN);

  const places = placeBlocks(blocks, rows);
  context.lineWidth = 1.5;
  context.strokeStyle = '#888888';
  context.fillStyle = '#888888';
  for (const { name, inputs } of blocks) {
    for (const input of inputs) drawEdge(context, places.get(input)!, places.get(name)!);
  }
  context.lineWidth = 1;
  for (const block of blocks) drawBlock(context, block, places.get(block.name)!);
  return canvas;
}
