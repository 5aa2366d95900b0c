import { BitWriter } from './bits.ts';

/** Maximum code length in bits. A table of all prefixes decodes a symbol with one lookup. */
const LONGEST = 15;

/** Length of each symbol's code in bits. 0 for a symbol that does not occur. */
export type CodeLengths = Uint8Array;

interface Tree {
  readonly weight: number;
  readonly symbols: readonly number[];
}

/**
 * Computes the optimal code lengths, limited to 15 bits (package-merge, Larmore and Hirschberg 1990).
 * @param counts how often each symbol occurs; at most 2¹⁵ symbols
 */
export function codeLengths(counts: ArrayLike<number>): CodeLengths {
  const lengths = new Uint8Array(counts.length);
  const leaves: Tree[] = Array.from({ length: counts.length }, (_, symbol) => symbol)
    .filter((symbol) => counts[symbol]! > 0)
    .map((symbol) => ({ weight: counts[symbol]!, symbols: [symbol] }))
    .sort((a, b) => a.weight - b.weight);
  if (leaves.length === 1) lengths[leaves[0]!.symbols[0]!] = 1;
  if (leaves.length < 2) return lengths;
  let packages: readonly Tree[] = [];
  for (let bit = 0; bit < LONGEST; bit++) {
    const merged = [...leaves, ...packages].sort((a, b) => a.weight - b.weight);
    packages = Array.from({ length: merged.length >> 1 }, (_, pair) => {
      const [a, b] = [merged[2 * pair]!, merged[2 * pair + 1]!];
      return { weight: a.weight + b.weight, symbols: [...a.symbols, ...b.symbols] };
    });
  }
  for (const { symbols } of packages.slice(0, leaves.length - 1)) {
    for (const symbol of symbols) lengths[symbol]!++;
  }
  return lengths;
}

const reversed = (code: number, bits: number) => {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result |= ((code >> bit) & 1) << (bits - 1 - bit);
  return result;
};

/**
 * Returns the canonical code for these lengths: shorter codes first, then by symbol. The first bit is lowest.
 * @throws RangeError if no such code exists, or if it is incomplete
 */
function canonicalCodes(lengths: CodeLengths): Uint16Array {
  const counts = new Uint32Array(LONGEST + 1);
  for (const length of lengths) {
    if (length > LONGEST) throw new RangeError(`a code of ${length} bits, expected at most ${LONGEST}`);
    if (length > 0) counts[length]!++;
  }
  const used = counts.reduce((sum, count, length) => sum + count * 2 ** (LONGEST - length), 0);
  const symbols = counts.reduce((sum, count) => sum + count, 0);
  const isSingle = symbols === 1 && counts[1] === 1;
  if (symbols > 0 && used !== 2 ** LONGEST && !isSingle) throw new RangeError('invalid code lengths');
  const next = new Uint32Array(LONGEST + 1);
  for (let length = 1, code = 0; length <= LONGEST; length++) {
    code = (code + counts[length - 1]!) << 1;
    next[length] = code;
  }
  return Uint16Array.from(lengths, (length) => (length === 0 ? 0 : reversed(next[length]!++, length)));
}

/** Encodes symbols as bytes, with codes of these lengths. */
export function encodeSymbols(symbols: ArrayLike<number>, lengths: CodeLengths): Uint8Array {
  const codes = canonicalCodes(lengths);
  const writer = new BitWriter();
  for (let i = 0; i < symbols.length; i++) writer.write(codes[symbols[i]!]!, lengths[symbols[i]!]!);
  return writer.bytes();
}

/**
 * Decodes as many symbols as `into` holds.
 * @throws RangeError if the lengths give no valid code, a code has no symbol, or bytes are missing or left over
 */
export function decodeSymbols(bytes: Uint8Array, lengths: CodeLengths, into: Uint16Array): void {
  const codes = canonicalCodes(lengths);
  const widest = lengths.reduce((most, length) => Math.max(most, length), 0);
  if (widest === 0 && into.length > 0) throw new RangeError('symbols without a code');
  // For each prefix: the symbol and its code length. Symbols are stored plus 1, so that 0 means no code.
  const table = new Uint32Array(1 << widest);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol]!;
    if (length === 0) continue;
    for (let code = codes[symbol]!; code < table.length; code += 1 << length) {
      table[code] = (symbol << 4) | length;
    }
  }
  const mask = table.length - 1;
  let [held, count, at] = [0, 0, 0];
  for (let i = 0; i < into.length; i++) {
    while (count < widest && at < bytes.length) {
      held |= bytes[at++]! << count;
      count += 8;
    }
    const entry = table[held & mask]!;
    const length = entry & 15;
    if (length === 0 || length > count) throw new RangeError('invalid code');
    into[i] = entry >> 4;
    held >>>= length;
    count -= length;
  }
  if (at < bytes.length || count >= 8 || held !== 0) throw new RangeError('more bytes than symbols');
}
