import type { Size } from '../boxes/formats.ts';
import type { RgbImage } from '../image/decode.ts';
import type { Color } from './colors.ts';
import { type Dice, murmurSeed } from './dice.ts';

const TEXTURES = ['plain', 'gradient', 'clouds', 'stripes', 'checks', 'grain'] as const;

export interface Background {
  readonly texture: (typeof TEXTURES)[number];
  readonly colors: readonly [Color, Color];
  /** Size of the pattern's elements, in pixels. */
  readonly scale: number;
  /** Direction of the pattern, in radians. */
  readonly angle: number;
  readonly seed: number;
}

export function planBackground(random: Dice, colors: readonly [Color, Color], size: Size): Background {
  const unit = Math.max(size.width, size.height) / 320;
  const texture = random.pick(TEXTURES);
  // A large check would look like the class `square`.
  const largest = texture === 'checks' ? 24 : 90;
  return {
    texture,
    colors,
    scale: random.logBetween(6, largest) * unit,
    angle: random.between(0, 2 * Math.PI),
    seed: random.integer(0, 2 ** 31),
  };
}

/** Size of grain spots, in pixels. */
const SPOT = 1.7;

type Noise = (x: number, y: number) => number;

const smooth = (t: number) => t * t * (3 - 2 * t);

/** Smooth noise from 0 to 1, with features of size 1, for coordinates from 0 to `side`. */
function valueNoise(seed: number, side: number): Noise {
  const row = Math.ceil(side) + 2;
  const corners = Float32Array.from(
    { length: row * row },
    (_, index) => murmurSeed(seed, index % row, Math.floor(index / row)) / 2 ** 32,
  );
  return (x, y) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [smooth(x - left), smooth(y - top)];
    const corner = top * row + left;
    const upper = corners[corner]! * (1 - u) + corners[corner + 1]! * u;
    const lower = corners[corner + row]! * (1 - u) + corners[corner + row + 1]! * u;
    return upper * (1 - v) + lower * v;
  };
}

/** Share of the second color at a pixel, 0–1. */
function mixture(background: Background, size: Size): Noise {
  const { texture, scale, angle, seed } = background;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const side = Math.max(size.width, size.height);
  switch (texture) {
    case 'plain':
      return () => 0;
    case 'gradient': {
      const length = Math.abs(cos) * size.width + Math.abs(sin) * size.height;
      return (x, y) => 0.5 + ((x - size.width / 2) * cos + (y - size.height / 2) * sin) / length;
    }
    case 'clouds': {
      const octaves = [1, 2, 4].map((octave) => valueNoise(seed + octave, (octave * side) / scale));
      const [coarse, middle, fine] = octaves as [Noise, Noise, Noise];
      return (x, y) => {
        const [u, v] = [x / scale, y / scale];
        return 0.6 * coarse(u, v) + 0.28 * middle(2 * u, 2 * v) + 0.12 * fine(4 * u, 4 * v);
      };
    }
    case 'stripes':
      return (x, y) => 0.5 + 0.5 * Math.sin((2 * Math.PI * (x * cos + y * sin)) / scale);
    case 'checks':
      return (x, y) => {
        const [u, v] = [x * cos + y * sin, y * cos - x * sin];
        return (Math.floor(u / scale) + Math.floor(v / scale)) & 1;
      };
    case 'grain': {
      const noise = valueNoise(seed, side / SPOT);
      return (x, y) => noise(x / SPOT, y / SPOT);
    }
  }
}

export function paintBackground(background: Background, size: Size): RgbImage {
  const { width, height } = size;
  const [from, to] = background.colors;
  const share = mixture(background, size);
  const data = new Uint8Array(3 * width * height);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const t = share(x, y);
      data[i++] = from[0] + (to[0] - from[0]) * t;
      data[i++] = from[1] + (to[1] - from[1]) * t;
      data[i++] = from[2] + (to[2] - from[2]) * t;
    }
  }
  return { data, width, height };
}
