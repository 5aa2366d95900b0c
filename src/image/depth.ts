import sharp, { type Metadata, type Sharp } from 'sharp';

/** Usual maximum values of cameras, scanners and programs. */
const TOPS = [255, 1023, 4095, 16_383, 65_535];

/**
 * Returns the value of white: the smallest usual maximum that no value exceeds. If there is none, it is the largest
 * value.
 */
function whiteOf(largest: number, isFloat: boolean): number {
  return [...(isFloat ? [1] : []), ...TOPS].find((top) => largest < top + 1) ?? largest;
}

/** Returns the largest finite value in the channels `from` (included) to `to` (excluded). */
function largestOf(values: Float32Array | Uint16Array, channels: number, from: number, to: number): number {
  let largest = 0;
  for (let pixel = 0; pixel < values.length; pixel += channels) {
    for (let channel = from; channel < to; channel++) {
      const value = values[pixel + channel]!;
      if (value > largest && value < Number.POSITIVE_INFINITY) largest = value;
    }
  }
  return largest;
}

/** Describes the scale for users, who would not notice it otherwise. Undefined for floats on a usual scale. */
function describe(largest: number, white: number, depth: string): string | undefined {
  const isFloat = depth === 'float' || depth === 'double';
  if (isFloat && white <= 255) return undefined;
  const shown = isFloat ? largest.toPrecision(4) : String(largest);
  const stored = isFloat ? 'floats' : depth.endsWith('short') ? '16 bits' : '32 bits';
  const scale = TOPS.includes(white)
    ? `${Math.log2(white + 1)} bits, white is ${white}`
    : `white is ${shown}`;
  return `values in ${stored} go up to ${shown}: read as ${scale}`;
}

/**
 * Scales values of more than 8 bits to 0–255, by the bits that are really used. For example, 12-bit cameras write
 * values up to 4,095 into 16-bit files. If 65,535 were white, these images would be almost black. Floats are 0–1, or
 * 0–255 if a value is larger than 1.
 * @param image upright
 * @returns the 8-bit image and a note for users, or undefined if the decoder's own scale is right
 */
export async function scaleByUsedBits(
  image: Sharp,
  { depth, space, hasAlpha }: Metadata,
): Promise<{ readonly image: Sharp; readonly note: string | undefined } | undefined> {
  if (depth === 'uchar') return undefined;
  const is16Bit = space === 'rgb16' || space === 'grey16';
  const { data, info } = await image
    .toColorspace(is16Bit ? 'rgb16' : space)
    .raw({ depth: is16Bit ? 'ushort' : 'float' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const bytes = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const values = is16Bit ? new Uint16Array(bytes) : new Float32Array(bytes);
  const isFloat = depth === 'float' || depth === 'double';
  const colors = hasAlpha ? channels - 1 : channels;
  const largest = largestOf(values, channels, 0, colors);
  const white = whiteOf(largest, isFloat);
  if (largest === 0 || (is16Bit && white === 65_535)) return undefined;
  const opaque = is16Bit ? 65_535 : whiteOf(largestOf(values, channels, colors, channels), isFloat);
  const pixels = new Uint8ClampedArray(values.length);
  for (let at = 0; at < values.length; at++) {
    pixels[at] = (255 * values[at]!) / (at % channels < colors ? white : opaque);
  }
  const scaled = sharp(pixels, { raw: { width, height, channels: channels as 1 | 2 | 3 | 4 } });
  return { image: scaled, note: describe(largest, white, depth) };
}
