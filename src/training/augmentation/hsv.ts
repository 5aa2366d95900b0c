import type { RgbImage } from '../../image/decode.ts';
import { between } from './between.ts';
import type { AugmentationOptions } from './options.ts';

export interface HsvShift {
  /** Added to the hue, in turns of the color circle. */
  readonly hue: number;
  /** Factor of the saturation. */
  readonly saturation: number;
  /** Factor of the value. */
  readonly value: number;
}

export function randomHsvShift(
  options: Pick<AugmentationOptions, 'hue' | 'saturation' | 'value'>,
  random: () => number,
): HsvShift {
  const hue = between(-options.hue, options.hue, random);
  const saturation = 1 + between(-options.saturation, options.saturation, random);
  const value = 1 + between(-options.value, options.value, random);
  return { hue, saturation, value };
}

/** Hue steps in each of the six sectors of the color circle. */
const SECTOR = 256;
const CIRCLE = 6 * SECTOR;

/** SECTOR / i as fixed point with 16 fractional bits. It replaces a division per pixel. */
const RECIPROCAL = Int32Array.from({ length: 256 }, (_, i) => (i === 0 ? 0 : Math.round((SECTOR << 16) / i)));

/**
 * For each hue, after shifting it by `turn`: the distances of red, green and blue from the largest channel, in 1/256 of
 * the chroma. Ten bits each, 0–256.
 */
function shortfalls(turn: number): Int32Array {
  const shortfall = (place: number) => {
    const sector = (((place / SECTOR) % 6) + 6) % 6;
    return Math.round(256 * Math.max(0, Math.min(sector, 4 - sector, 1)));
  };
  return Int32Array.from({ length: CIRCLE + 1 }, (_, hue) => {
    const turned = hue + turn * CIRCLE;
    const [red, green, blue] = [5, 3, 1].map((n) => shortfall(turned + n * SECTOR));
    return (red! << 20) | (green! << 10) | blue!;
  });
}

/** Shifts the hue and scales saturation and value, which are clipped to 1. */
export function shiftHsv(image: RgbImage, shift: HsvShift): RgbImage {
  if (shift.hue === 0 && shift.saturation === 1 && shift.value === 1) return image;
  const { data: source, width, height } = image;
  const data = new Uint8Array(source.length);
  const shortfall = shortfalls(shift.hue);
  const values = Uint8Array.from({ length: 256 }, (_, v) => Math.min(255, Math.round(v * shift.value)));
  // Chroma is saturation × value, so the ratio of new to old chroma depends only on the old value.
  const chromaScale = Int32Array.from({ length: 256 }, (_, v) =>
    v === 0 ? 0 : Math.round((65536 * shift.saturation * values[v]!) / v),
  );
  for (let i = 0; i < data.length; i += 3) {
    const red = source[i]!;
    const green = source[i + 1]!;
    const blue = source[i + 2]!;
    let most = red;
    let least = blue;
    // Start of the hue's sector, and offset of the middle channel from it.
    let start = 0;
    let step = 0;
    if (red >= green) {
      if (green >= blue) {
        step = green - blue;
      } else if (red >= blue) {
        least = green;
        start = CIRCLE;
        step = green - blue;
      } else {
        most = blue;
        least = green;
        start = 4 * SECTOR;
        step = red - green;
      }
    } else if (green >= blue) {
      most = green;
      start = 2 * SECTOR;
      step = blue - red;
      least = red < blue ? red : blue;
    } else {
      most = blue;
      least = red;
      start = 4 * SECTOR;
      step = red - green;
    }
    const hue = start + ((Math.imul(step, RECIPROCAL[most - least]!) + 32768) >> 16);
    const value = values[most]!;
    const scaled = (Math.imul(most - least, chromaScale[most]!) + 32768) >> 16;
    const chroma = scaled > value ? value : scaled;
    const parts = shortfall[hue]!;
    data[i] = value - ((Math.imul(chroma, parts >> 20) + 128) >> 8);
    data[i + 1] = value - ((Math.imul(chroma, (parts >> 10) & 1023) + 128) >> 8);
    data[i + 2] = value - ((Math.imul(chroma, parts & 1023) + 128) >> 8);
  }
  return { data, width, height };
}
