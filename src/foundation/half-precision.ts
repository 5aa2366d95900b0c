import { roundHalfEven } from './round-half-even.ts';

/** Single-precision values of IEEE 754 half-precision bits. */
export function halfToFloat(bits: Uint16Array): Float32Array {
  const floats = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i]!;
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) floats[i] = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else if (exponent === 0) floats[i] = sign * fraction * 2 ** -24;
    else floats[i] = sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
  return floats;
}

/** IEEE 754 half-precision bits of single-precision values, rounded to the nearest, ties to even. */
export function floatToHalf(floats: Float32Array): Uint16Array {
  const bits = new Uint16Array(floats.length);
  const words = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  for (let i = 0; i < bits.length; i++) {
    const word = words[i]!;
    const sign = (word >>> 16) & 0x8000;
    const size = Math.abs(floats[i]!);
    if (Number.isNaN(size)) bits[i] = sign | 0x7e00;
    // Halfway between the largest half and the next power of two, and more, is infinite.
    else if (size >= 65520) bits[i] = sign | 0x7c00;
    else {
      // The distance of halves near this size; below 2⁻¹⁴ they are all as far apart.
      const exponent = Math.max(-14, ((word >>> 23) & 0xff) - 127);
      const steps = roundHalfEven(size / 2 ** (exponent - 10));
      // A size that rounds up to the next power of two carries into the exponent by itself.
      bits[i] = sign | (exponent === -14 ? steps : ((exponent + 14) << 10) + steps);
    }
  }
  return bits;
}

/** Halves end at 65504; from here they would be infinite. */
const OVERFLOW = 65_520;

/** Whether no value is too large for half precision. */
export function fitsHalf(floats: Float32Array): boolean {
  return !floats.some((value) => Math.abs(value) >= OVERFLOW);
}
