import { elementCount } from '../../../foundation/element-count.ts';
import { BitWriter } from '../shared/bits.ts';

/**
 * A tensor of integers with few bits, and one factor per block (distribution-shift convolution,
 * https://arxiv.org/abs/1901.01928: the "kernel distribution shift").
 */
export interface ShiftTensor {
  /** Shape [O, I, …]. */
  readonly shape: readonly number[];
  /** Bits per integer, 2–8. */
  readonly bits: number;
  /** Weights per block. The last block of a row may be shorter. */
  readonly block: number;
  /**
   * Direction of a block. `channels`: the input channels at one position of the kernel. `places`: the positions of one
   * channel's kernel.
   */
  readonly along: 'channels' | 'places';
  /** Values from −2^(bits − 1) to 2^(bits − 1) − 1, in row-major order. */
  readonly integers: Int8Array;
  /** Factor of each block, by output. */
  readonly shifts: Float32Array;
}

/** Format number in the first two bytes. Shared tensors have 0 or 1 there. */
export const SHIFT_FORMAT = 2;
/** Format, bits, direction of blocks, block size. */
const HEAD_BYTES = 8;
const ALONG = ['channels', 'places'] as const;

type Blocks = Pick<ShiftTensor, 'shape' | 'block' | 'along'>;

/** Returns the number of blocks in a tensor. */
export function blockCount({ shape, block, along }: Blocks): number {
  const [outputs = 1, inputs = 1, ...sides] = shape;
  const taps = elementCount(sides);
  const [rows, length] = along === 'channels' ? [outputs * taps, inputs] : [outputs * inputs, taps];
  return rows * Math.ceil(length / block);
}

/** Calls back with the index of each weight and of its block. */
export function eachInBlocks(
  { shape, block, along }: Blocks,
  visit: (place: number, block: number) => void,
): void {
  const [outputs = 1, inputs = 1, ...sides] = shape;
  const taps = elementCount(sides);
  const perRow = Math.ceil((along === 'channels' ? inputs : taps) / block);
  let place = 0;
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let tap = 0; tap < taps; tap++) {
        const [row, at] =
          along === 'channels' ? [output * taps + tap, input] : [output * inputs + input, tap];
        visit(place++, row * perRow + Math.floor(at / block));
      }
}

/** Returns the tensor's weights: each integer times its block's factor, rounded to float32. */
export function shiftedValues(tensor: ShiftTensor): Float32Array {
  const { integers, shifts } = tensor;
  const weights = new Float32Array(integers.length);
  eachInBlocks(tensor, (place, block) => {
    weights[place] = shifts[block]! * integers[place]!;
  });
  return weights;
}

/** Encodes a tensor as bytes. */
export function encodeShift({ bits, block, along, integers, shifts }: ShiftTensor): Uint8Array {
  const head = new DataView(new ArrayBuffer(HEAD_BYTES + 4 * shifts.length));
  head.setUint16(0, SHIFT_FORMAT, true);
  head.setUint8(2, bits);
  head.setUint8(3, ALONG.indexOf(along));
  head.setUint32(4, block, true);
  shifts.forEach((value, place) => {
    head.setFloat32(HEAD_BYTES + 4 * place, value, true);
  });
  const writer = new BitWriter();
  for (const value of integers) writer.write(value + 2 ** (bits - 1), bits);
  return Buffer.concat([new Uint8Array(head.buffer), writer.bytes()]);
}

/** @throws RangeError if the bytes do not contain exactly `count` integers of `bits` bits */
function readIntegers(bytes: Uint8Array, bits: number, count: number): Int8Array {
  if (bytes.length !== Math.ceil((count * bits) / 8)) throw new RangeError('not the bytes of its integers');
  const integers = new Int8Array(count);
  let [held, filled, at] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    while (filled < bits) {
      held |= bytes[at++]! << filled;
      filled += 8;
    }
    integers[i] = (held & (2 ** bits - 1)) - 2 ** (bits - 1);
    held >>>= bits;
    filled -= bits;
  }
  if (held !== 0) throw new RangeError('bits left over');
  return integers;
}

/**
 * Decodes the weights of a tensor.
 * @throws RangeError if the bytes do not encode a tensor of this shape
 */
export function decodeShift(bytes: Uint8Array, shape: readonly number[]): Float32Array {
  if (bytes.length < HEAD_BYTES) throw new RangeError('ends early');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [bits, block, along] = [view.getUint8(2), view.getUint32(4, true), ALONG[view.getUint8(3)]];
  if (bits < 2 || bits > 8 || block < 1 || along === undefined) {
    throw new RangeError('not integers of 2 to 8 bits in blocks');
  }
  const count = blockCount({ shape, block, along });
  const end = HEAD_BYTES + 4 * count;
  if (bytes.length < end) throw new RangeError('ends early');
  const shifts = Float32Array.from({ length: count }, (_, place) =>
    view.getFloat32(HEAD_BYTES + 4 * place, true),
  );
  if (!shifts.every(Number.isFinite)) throw new RangeError('a factor that is not a number');
  const integers = readIntegers(bytes.subarray(end), bits, elementCount(shape));
  return shiftedValues({ shape, bits, block, along, integers, shifts });
}
