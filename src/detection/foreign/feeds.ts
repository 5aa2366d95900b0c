import type { Size } from '../../boxes/formats.ts';
import type { TypedTensor } from '../../executors/onnx/session/graph-session.ts';
import { elementCount } from '../../foundation/element-count.ts';
import { floatToHalf } from '../../foundation/half-precision.ts';
import type { Placement } from '../../image/letterbox.ts';
import type { ColorValue, InputRecipe } from '../../image/recipe/recipe.ts';
import type { ExtraInput, GraphInput } from '../../models/graph-model.ts';

/** The part of a recipe that concerns pixel values. */
type PixelScale = Pick<InputRecipe, 'colorOrder' | 'mean' | 'std' | 'fill'>;

/** Returns the network's input for each of the 256 values of each color, in the network's order. */
function colorTables({ mean, std }: PixelScale): readonly Float32Array[] {
  const of = (value: ColorValue, color: number) => (typeof value === 'number' ? value : value[color]!);
  return [0, 1, 2].map((color) =>
    Float32Array.from({ length: 256 }, (_, value) => (value - of(mean, color)) / of(std, color)),
  );
}

function repeated(pixels: Uint8Array, times: number): Uint8Array {
  const all = new Uint8Array(times * pixels.length);
  for (let i = 0; i < times; i++) all.set(pixels, i * pixels.length);
  return all;
}

/** Converts decoded pixels (upright, RGB, row-major) to a graph's image tensor. */
export class ImageFeed {
  readonly #input: GraphInput;
  readonly #tables: readonly Float32Array[];
  /** Index of the color (R, G, B) for each of the network's channels. */
  readonly #order: readonly number[];
  readonly #isPlain: boolean;
  readonly #isBorderZero: boolean;

  constructor(input: GraphInput, scale: PixelScale) {
    this.#input = input;
    this.#tables = colorTables(scale);
    this.#order = scale.colorOrder === 'rgb' ? [0, 1, 2] : [2, 1, 0];
    this.#isBorderZero = scale.fill === 'zero';
    this.#isPlain = scale.colorOrder === 'rgb' && input.layout.endsWith('hwc');
  }

  /** @param pixels one image, [height, width, 3] of the input's size */
  tensor(pixels: Uint8Array, { width, height }: Size, placement: Placement): TypedTensor {
    const { layout, type, batch } = this.#input;
    const images = batch === 1 ? pixels : repeated(pixels, batch);
    const channelsFirst = layout === 'nchw' || layout === 'chw';
    const sides = channelsFirst ? [3, height, width] : [height, width, 3];
    const shape = layout.startsWith('n') ? [batch, ...sides] : sides;
    if (type === 'uint8') {
      const data = this.#isPlain
        ? images
        : this.#arranged(images, channelsFirst, new Uint8Array(images.length));
      return { type: 'uint8', shape, data };
    }
    const data = this.#arranged(images, channelsFirst, new Float32Array(images.length));
    if (this.#isBorderZero && channelsFirst) clearBorder(data, { width, height }, placement);
    return type === 'float16'
      ? { type: 'float16', shape, data: floatToHalf(data) }
      : { type: 'float32', shape, data };
  }

  #arranged<T extends Float32Array | Uint8Array>(pixels: Uint8Array, channelsFirst: boolean, into: T): T {
    const whole = pixels.length / this.#input.batch;
    for (const [channel, color] of this.#order.entries()) {
      for (let image = 0; image < pixels.length; image += whole) {
        const colors = pixels.subarray(image + color, image + whole);
        const [start, step] = channelsFirst ? [image + (channel * whole) / 3, 1] : [image + channel, 3];
        if (into instanceof Uint8Array) copyColor(colors, into.subarray(start), step);
        else scaleColor(colors, this.#tables[channel]!, into.subarray(start), step);
      }
    }
    return into;
  }
}

// One function per array type: if an array can have two types, each access checks which.

/** Copies every third value to positions at intervals of `step`. */
function copyColor(from: Uint8Array, into: Uint8Array, step: number): void {
  for (let at = 0, to = 0; at < from.length; at += 3, to += step) into[to] = from[at]!;
}

/** Looks up every third value in a table, and writes the results at intervals of `step`. */
function scaleColor(from: Uint8Array, table: Float32Array, into: Float32Array, step: number): void {
  for (let at = 0, to = 0; at < from.length; at += 3, to += step) into[to] = table[from[at]!]!;
}

/** Sets the border to zero, in planes of the input's size. The image is in the top left corner. */
function clearBorder(data: Float32Array, { width, height }: Size, image: Placement): void {
  for (let row = 0; row < data.length / width; row++) {
    const from = row % height < image.height ? image.width : 0;
    data.fill(0, row * width + from, (row + 1) * width);
  }
}

/** Returns the value of an input other than the image. */
export function extraTensor(
  { type, shape, value }: ExtraInput,
  placement: Placement,
  input: Size,
): TypedTensor {
  const { original, width, height } = placement;
  const count = elementCount(shape);
  const values = {
    'scale-yx': [height / original.height, width / original.width],
    'photo-hw': [original.height, original.width],
    'photo-wh': [original.width, original.height],
    'input-hw': [input.height, input.width],
    'pixel-mask': [],
  }[value];
  if (value === 'pixel-mask') {
    const sides = [...shape.slice(0, -2).map(() => 1), input.height, input.width];
    const pixels = input.height * input.width;
    if (type === 'float') return { type: 'float32', shape: sides, data: new Float32Array(pixels).fill(1) };
    return type === 'int64'
      ? { type, shape: sides, data: new BigInt64Array(pixels).fill(1n) }
      : { type, shape: sides, data: new Int32Array(pixels).fill(1) };
  }
  const filled = values.length === count ? values : values.slice(0, count);
  if (type === 'float') return { type: 'float32', shape, data: Float32Array.from(filled) };
  return type === 'int64'
    ? { type, shape, data: BigInt64Array.from(filled, (side) => BigInt(Math.round(side))) }
    : { type, shape, data: Int32Array.from(filled, Math.round) };
}
