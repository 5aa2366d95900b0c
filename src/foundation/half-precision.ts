import { roundHalfEven } from './round-half-even.ts';

/** Converts IEEE 754 half-precision bits to single precision. */
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

/** Values from here round to infinity: it is the midpoint between the largest half, 65504, and 2¹⁶. */
const OVERFLOW = 65_520;

/** Converts single precision to IEEE 754 half-precision bits. Rounds to nearest, ties to even. */
export function floatToHalf(floats: Float32Array): Uint16Array {
  const bits = new Uint16Array(floats.length);
  const words = new Uint32Array(floats.buffer, floats.byteOffset, floats.length);
  for (let i = 0; i < bits.length; i++) {
    const word = words[i]!;
    const sign = (word >>> 16) & 0x8000;
    const size = Math.abs(floats[i]!);
    if (Number.isNaN(size)) bits[i] = sign | 0x7e00;
    else if (size >= OVERFLOW) bits[i] = sign | 0x7c00;
    else {
      // Determines the spacing of halves near this value. Below 2⁻¹⁴ (subnormals), the spacing is constant.
      const exponent = Math.max(-14, ((word >>> 23) & 0xff) - 127);
      const steps = roundHalfEven(size / 2 ** (exponent - 10));
      // If the value rounds up to the next power of two, the sum carries into the exponent.
      bits[i] = sign | (exponent === -14 ? steps : ((exponent + 14) << 10) + steps);
    }
  }
  return bits;
}

/** Whether all values are finite in half precision. */
export function fitsHalf(floats: Float32Array): boolean {
  return !floats.some((value) => Math.abs(value) >= OVERFLOW);
}
