/**
 * Draws people and horses on a meadow, a sample image for the default model:
 * `npx tsx scripts/pictures/draw-meadow.ts [PICTURE] [SEED]`. Nothing in it is a photo.
 */
import sharp from 'sharp';
import { normalRandom, uniformRandom } from '../../src/foundation/random.ts';

const [picture = 'docs/images/meadow.jpg', seed = '1'] = process.argv.slice(2);
const [WIDTH, HEIGHT] = [640, 480];
const HORIZON = 210;
const random = uniformRandom(Number(seed));
const normal = normalRandom(random);

/** Feet at (x, y); height in pixels. `facing` −1 looks left. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly facing: 1 | -1;
}

/** A figure drawn around its feet at (0, 0), 100 units high, in its place. */
const stand = ({ x, y, height, facing }: Place, figure: string) =>
  `<g transform="translate(${x} ${y}) scale(${(facing * height) / 100} ${height / 100})">${figure}</g>`;

const shadow = (width: number) =>
  `<ellipse cx="0" cy="0" rx="${width}" ry="4" fill="#1d2a10" opacity="0.45" filter="url(#soft)"/>`;

function horse(coat: string, dark: string): string {
  const leg = (x: number, bend: number, color: string) =>
    `<path d="M ${x - 5} -52 Q ${x - 3 + bend} -30 ${x - 2.5} -24 L ${x - 3} -4 L ${x - 4} 0 L ${x + 3.5} 0 L ${x + 2.5} -4 L ${x + 3} -24 Q ${x + 5 + bend} -34 ${x + 7} -52 Z" fill="${color}"/>`;
  return [
    shadow(48),
    leg(-33, 2, dark),
    leg(25, -2, dark),
    `<path d="M -44 -66 Q -58 -60 -54 -22 Q -48 -30 -42 -56 Z" fill="${dark}"/>`,
    `<path d="M -46 -64 Q -44 -76 -26 -74 Q 0 -69 18 -75 Q 30 -88 36 -97 Q 40 -104 44 -98 Q 52 -96 58 -84 Q 63 -77 60 -73 Q 56 -70 50 -76 Q 44 -80 42 -80 Q 40 -66 34 -54 Q 28 -44 12 -44 Q -8 -40 -24 -45 Q -42 -46 -46 -64 Z" fill="url(#${coat})"/>`,
    `<path d="M 36 -99 Q 24 -92 16 -74 Q 26 -76 34 -90 Z" fill="${dark}"/>`,
    `<path d="M 37 -98 L 38 -106 L 42 -99 Z" fill="${dark}"/>`,
    `<circle cx="48" cy="-88" r="1.4" fill="#120c08"/>`,
    leg(-38, 3, `url(#${coat})`),
    leg(20, -3, `url(#${coat})`),
  ].join('');
}

function person(shirt: string, trousers: string, hair: string): string {
  return [
    shadow(16),
    `<path d="M -9 -46 L -10 -2 L -3 -2 L -0.5 -42 L 3 -2 L 10 -2 L 9 -46 Z" fill="${trousers}"/>`,
    '<path d="M -11 -3 L -2 -3 L -2 0 L -13 0 Z M 2 -3 L 10 -3 L 13 0 L 2 0 Z" fill="#1b1714"/>',
    `<path d="M -10 -80 Q -17 -77 -18 -46 L -13 -45 Q -12 -62 -9 -68 L -10 -44 L 10 -44 L 9 -68 Q 12 -62 13 -45 L 18 -46 Q 17 -77 10 -80 Q 0 -84 -10 -80 Z" fill="url(#${shirt})"/>`,
    '<path d="M -18 -46 Q -19 -40 -15 -40 Q -12 -41 -13 -45 Z M 18 -46 Q 19 -40 15 -40 Q 12 -41 13 -45 Z M -3 -86 L 3 -86 L 3.5 -80 L -3.5 -80 Z" fill="#c99b7b"/>',
    '<ellipse cx="0" cy="-91" rx="6.3" ry="8" fill="#d3a585"/>',
    `<path d="M -7 -90 Q -8 -101 0 -101 Q 8 -101 7 -90 Q 5 -96 0 -96 Q -5 -96 -7 -90 Z" fill="${hair}"/>`,
  ].join('');
}

const gradient = (id: string, top: string, bottom: string) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient>`;

const trees = Array.from({ length: 60 }, () => {
  const [x, radius] = [WIDTH * random(), 14 + 16 * random()];
  const green = Math.round(50 + 35 * random());
  return `<circle cx="${x.toFixed(0)}" cy="${(HORIZON - 6 - radius * random()).toFixed(0)}" r="${radius.toFixed(0)}" fill="rgb(${green - 22},${green},${green - 30})"/>`;
});
const grass = Array.from({ length: 2600 }, () => {
  const depth = random() ** 0.7;
  const [x, y] = [WIDTH * random(), HORIZON + 4 + (HEIGHT - HORIZON) * depth];
  const length = 2 + 12 * depth;
  const light = 60 + 75 * random();
  const color = `rgb(${(light * 0.85).toFixed(0)},${light.toFixed(0)},${(light * 0.35).toFixed(0)})`;
  return `<path d="M ${x.toFixed(0)} ${y.toFixed(0)} l ${(3 * normal()).toFixed(1)} ${(-length).toFixed(1)}" stroke="${color}" stroke-width="${(0.6 + depth).toFixed(1)}"/>`;
});

const scene = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><defs>
${gradient('sky', '#7fa6cf', '#dfe6e8')}${gradient('meadow', '#8a9a52', '#4f6a28')}
${gradient('bay', '#9a6438', '#5b351b')}${gradient('gray', '#d9d5cf', '#8f8a84')}
${gradient('red', '#b03a36', '#7c2422')}${gradient('blue', '#3f5f94', '#27406b')}
<filter id="soft"><feGaussianBlur stdDeviation="2"/></filter></defs>
<rect width="${WIDTH}" height="${HEIGHT}" fill="url(#sky)"/>${trees.join('')}
<rect y="${HORIZON}" width="${WIDTH}" height="${HEIGHT}" fill="url(#meadow)"/>${grass.join('')}
${stand({ x: 430, y: 318, height: 150, facing: -1 }, horse('gray', '#6d6862'))}
${stand({ x: 190, y: 400, height: 230, facing: 1 }, horse('bay', '#2c1a10'))}
${stand({ x: 365, y: 430, height: 250, facing: 1 }, person('red', '#2b3444', '#3a2416'))}
${stand({ x: 560, y: 385, height: 200, facing: 1 }, person('blue', '#5a5346', '#1c1714'))}
</svg>`;

const { data, info } = await sharp(Buffer.from(scene))
  .removeAlpha()
  .blur(0.7)
  .raw()
  .toBuffer({ resolveWithObject: true });
// A sensor's noise.
for (let i = 0; i < data.length; i++) data[i] = Math.min(255, Math.max(0, data[i]! + 4 * normal()));
await sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } })
  .jpeg({ quality: 88 })
  .toFile(picture);
