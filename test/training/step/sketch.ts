import { uniformRandom } from '../../../src/foundation/random.ts';

/** How many numbers represent a tensor of more than `WHOLE` elements. */
const SUMS = 16;
/** Number of elements up to which a tensor is kept whole. */
const WHOLE = 64;

let signs = new Uint32Array(0);

/** One draw per element: bit 16 + k is set if sum k subtracts it. */
function signBits(count: number): Uint32Array {
  if (signs.length < count) {
    const uniform = uniformRandom(1);
    signs = new Uint32Array(count);
    for (let i = 0; i < count; i++) signs[i] = uniform() * 2 ** 32;
  }
  return signs;
}

/**
 * A tensor in a few numbers, linear in it: its elements if they are few, otherwise sums with random signs,
 * divided by the square root of their number, so that the squares of a sketch add up to about the tensor's.
 */
export function sketch(values: Float64Array): Float64Array {
  if (values.length <= WHOLE) return values;
  const bits = signBits(values.length);
  // Adds up elements with equal signs first, which makes it two additions per element.
  const alike = [new Float64Array(256), new Float64Array(256)] as const;
  for (let i = 0; i < values.length; i++) {
    const drawn = bits[i]!;
    alike[0][(drawn >>> 16) & 255]! += values[i]!;
    alike[1][drawn >>> 24]! += values[i]!;
  }
  return Float64Array.from({ length: SUMS }, (_, k) => {
    const sum = alike[k >>> 3]!.reduce(
      (total, value, byte) => total + (1 - 2 * ((byte >>> (k & 7)) & 1)) * value,
      0,
    );
    return sum / Math.sqrt(SUMS);
  });
}

/** Contents of tensors by name. */
export type Contents = ReadonlyMap<string, { readonly data: ArrayLike<number> }>;

function difference(after: ArrayLike<number>, before: ArrayLike<number>): Float64Array {
  const added = new Float64Array(after.length);
  for (let i = 0; i < added.length; i++) added[i] = after[i]! - before[i]!;
  return added;
}

/** The kind of a state tensor: `weights`, `statistics`, or the word before the slash in its name. */
export function kindOf(name: string): string {
  const slash = name.indexOf('/');
  if (slash >= 0) return name.slice(0, slash);
  return /\.running_(mean|var)$/.test(name) ? 'statistics' : 'weights';
}

/** Sketches of what a step added to each state tensor, concatenated in the order of the names. */
export function updateSketch(before: Contents, after: Contents): Float64Array {
  const names = [...before.keys()].sort();
  const parts = names.map((name) => sketch(difference(after.get(name)!.data, before.get(name)!.data)));
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

/** By kind of state, the distance of two updates relative to the norm of the second one. */
export function updateErrors(
  state: Contents,
  update: Float64Array,
  expected: Float64Array,
): Readonly<Record<string, number>> {
  const sums = new Map<string, { readonly difference: number; readonly norm: number }>();
  let offset = 0;
  for (const name of [...state.keys()].sort()) {
    const count = state.get(name)!.data.length;
    const end = offset + (count <= WHOLE ? count : SUMS);
    let { difference, norm } = sums.get(kindOf(name)) ?? { difference: 0, norm: 0 };
    for (; offset < end; offset++) {
      difference += (update[offset]! - expected[offset]!) ** 2;
      norm += expected[offset]! ** 2;
    }
    sums.set(kindOf(name), { difference, norm });
  }
  return Object.fromEntries(
    [...sums].map(([kind, { difference, norm }]) => [
      kind,
      difference === 0 ? 0 : Math.sqrt(difference / norm),
    ]),
  );
}
