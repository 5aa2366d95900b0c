/**
 * Draws a blood smear as seen through a microscope, a sample image for the blood-cell model:
 * `npx tsx scripts/pictures/draw-cells.ts [PICTURE] [SEED]`. Nothing in it is a photo.
 */
import sharp from 'sharp';
import { normalRandom, uniformRandom } from '../../src/foundation/random.ts';

const [picture = 'docs/images/cells.jpg', seed = '3'] = process.argv.slice(2);
const [WIDTH, HEIGHT] = [640, 480];
const random = uniformRandom(Number(seed));
const normal = normalRandom(random);
const between = (low: number, high: number) => low + (high - low) * random();

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** A closed outline that wobbles around a circle. */
function outline({ x, y, radius }: Cell, wobble: number, points = 10): string {
  const corners = Array.from({ length: points }, (_, i) => {
    const angle = (2 * Math.PI * i) / points;
    const r = radius * (1 + wobble * normal());
    return [x + r * Math.cos(angle), y + r * Math.sin(angle)] as const;
  });
  const middle = (i: number) => {
    const [a, b] = [corners[i % points]!, corners[(i + 1) % points]!];
    return `${((a[0] + b[0]) / 2).toFixed(1)} ${((a[1] + b[1]) / 2).toFixed(1)}`;
  };
  const curves = corners.map((_, i) => {
    const [cx, cy] = corners[(i + 1) % points]!;
    return `Q ${cx.toFixed(1)} ${cy.toFixed(1)} ${middle(i + 1)}`;
  });
  return `M ${middle(0)} ${curves.join(' ')} Z`;
}

const redCell = (cell: Cell) =>
  `<path d="${outline(cell, 0.025)}" fill="url(#red)" stroke="#a37a7c" stroke-width="1.5" opacity="${between(0.85, 1).toFixed(2)}"/>`;

function whiteCell(cell: Cell): string {
  const lobes = Array.from({ length: 4 }, (_, i) => {
    const angle = (Math.PI / 2) * i + between(-0.3, 0.3);
    const away = cell.radius * 0.38;
    const lobe = {
      x: cell.x + away * Math.cos(angle),
      y: cell.y + away * Math.sin(angle),
      radius: cell.radius * between(0.3, 0.4),
    };
    return `<path d="${outline(lobe, 0.06)}" fill="#5b3f9a"/>`;
  });
  return `<path d="${outline(cell, 0.03)}" fill="#b39cc4" stroke="#9d86b3" stroke-width="1.5"/>${lobes.join('')}`;
}

const platelet = (cell: Cell) => `<path d="${outline(cell, 0.08)}" fill="#7d5fa5" opacity="0.9"/>`;

/** Finds a position for a cell that hides little of the others. */
function place(cells: Cell[], radius: number, gap: number): Cell | undefined {
  for (let attempt = 0; attempt < 200; attempt++) {
    const cell = {
      x: between(radius * 0.6, WIDTH - radius * 0.6),
      y: between(radius * 0.6, HEIGHT - radius * 0.6),
      radius,
    };
    const isFree = cells.every(
      (other) => Math.hypot(cell.x - other.x, cell.y - other.y) > gap * (radius + other.radius),
    );
    if (!isFree) continue;
    cells.push(cell);
    return cell;
  }
  return undefined;
}

const cells: Cell[] = [];
const white = place(cells, 92, 1);
const red = Array.from({ length: 13 }, () => place(cells, between(47, 54), 0.97));
const platelets = Array.from({ length: 3 }, () => place(cells, between(15, 19), 1.05));
const drawn = [
  ...red.flatMap((cell) => (cell ? [redCell(cell)] : [])),
  ...(white ? [whiteCell(white)] : []),
  ...platelets.flatMap((cell) => (cell ? [platelet(cell)] : [])),
];
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
  <defs>
    <radialGradient id="red"><stop offset="0" stop-color="#cdb1ae"/><stop offset="0.45" stop-color="#b9918f"/><stop offset="1" stop-color="#b08485"/></radialGradient>
    <radialGradient id="light" r="0.9"><stop offset="0" stop-color="#e9e4e3"/><stop offset="1" stop-color="#cfc8c8"/></radialGradient>
  </defs>
  <rect width="100%" height="100%" fill="url(#light)"/>
  ${drawn.join('\n  ')}
</svg>`;

const { data, info } = await sharp(Buffer.from(svg))
  .removeAlpha()
  .blur(1.2)
  .raw()
  .toBuffer({ resolveWithObject: true });
// A camera's noise.
for (let i = 0; i < data.length; i++) data[i] = Math.min(255, Math.max(0, data[i]! + 4 * normal()));
await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
  .jpeg({ quality: 90 })
  .toFile(picture);
console.log(
  `${picture}: ${red.filter(Boolean).length} red cells, 1 white cell, ${platelets.filter(Boolean).length} platelets`,
);
