import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { MicroYoloError } from '../../../../src/foundation/errors/errors.ts';
import { halfToFloat } from '../../../../src/foundation/half-precision.ts';
import {
  formatSafetensors,
  parseSafetensors,
  readSafetensors,
  readSafetensorsMetadata,
  type Safetensors,
  type SafetensorsEntry,
  writeSafetensors,
} from '../../../../src/models/formats/safetensors/safetensors.ts';
import { microYoloError } from '../../../micro-yolo-error.ts';
import { temporaryFolder } from '../../../temporary-files.ts';

const folder = temporaryFolder();
const floats = (shape: readonly number[], ...values: readonly number[]): SafetensorsEntry => ({
  type: 'F32',
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

describe('a written file', () => {
  const contents: Safetensors = {
    tensors: new Map<string, SafetensorsEntry>([
      ['z', floats([2, 2], 1, -2, Number.NaN, Number.NEGATIVE_INFINITY)],
      ['empty', floats([0, 5])],
      ['scalar', floats([], 7)],
      ['名前 "quoted"', { type: 'U8', shape: [3], bytes: Uint8Array.of(1, 2, 255) }],
      ['after odd bytes', floats([1], 3)],
      ['long', { type: 'I64', shape: [1], bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) }],
    ]),
    metadata: { format: 'test', note: 'two\nlines' },
  };

  test('reads back as it was written, in the same order', async () => {
    const path = join(folder, 'round-trip.safetensors');
    await writeSafetensors(path, contents);
    const read = await readSafetensors(path);
    expect([...read.tensors.keys()]).toEqual([...contents.tensors.keys()]);
    expect(read.metadata).toEqual(contents.metadata);
    for (const [name, { bytes, ...entry }] of contents.tensors) {
      expect(read.tensors.get(name)).toMatchObject(entry);
      expect(Buffer.from(read.tensors.get(name)!.bytes)).toEqual(Buffer.from(bytes));
    }
  });

  test('has data aligned to 8 bytes', () => {
    for (const name of ['a', 'ab', 'abc', 'é']) {
      const file = formatSafetensors({ tensors: new Map([[name, floats([1], 1)]]), metadata: {} });
      expect(Number(new DataView(file.buffer).getBigUint64(0, true)) % 8).toBe(0);
      expect(parseSafetensors(file, 'it').tensors.get(name)!.bytes).toEqual(floats([1], 1).bytes);
    }
  });

  test('can be empty', () => {
    const file = formatSafetensors({ tensors: new Map(), metadata: {} });
    expect(parseSafetensors(file, 'it')).toEqual({ tensors: new Map(), metadata: {} });
  });

  test.each(['__proto__', 'constructor', ''])('can name a tensor %j', (name) => {
    const file = formatSafetensors({ tensors: new Map([[name, floats([1], 1)]]), metadata: {} });
    const { tensors } = parseSafetensors(file, 'it');
    expect([...tensors.keys()]).toEqual([name]);
    expect(({} as { dtype?: unknown }).dtype).toBeUndefined();
  });

  test('is read from within a larger buffer', () => {
    const file = formatSafetensors(contents);
    const shifted = new Uint8Array(file.length + 11);
    shifted.set(file, 5);
    const { tensors } = parseSafetensors(shifted.subarray(5, 5 + file.length), 'it');
    expect(tensors.get('z')!.bytes).toEqual(contents.tensors.get('z')!.bytes);
  });
});

describe("a file of Python's safetensors", () => {
  const path = fileURLToPath(new URL('fixtures/python.safetensors', import.meta.url));
  const read = async (name: string) => (await readSafetensors(path)).tensors.get(name)!;
  const copy = ({ bytes }: SafetensorsEntry) => new Uint8Array(bytes).buffer;

  test('has the metadata that Python wrote', async () => {
    const metadata = { format: 'np', note: 'line\n"quoted" é' };
    expect((await readSafetensors(path)).metadata).toEqual(metadata);
    expect(await readSafetensorsMetadata(path)).toEqual(metadata);
  });

  test('has float32 values', async () => {
    const single = await read('single');
    expect(single).toMatchObject({ type: 'F32', shape: [2, 3] });
    expect(new Float32Array(copy(single))).toEqual(Float32Array.of(0, 1, -1.5, Math.PI, 1e-40, -3.4e38));
  });

  test('has all kinds of float16 values', async () => {
    const half = await read('half');
    expect(half).toMatchObject({ type: 'F16', shape: [10] });
    const { POSITIVE_INFINITY: inf } = Number;
    const values = [1, -2, 65504, 2 ** -24, -(2 ** -14), 0, -0, inf, -inf, 1365 / 4096];
    expect(halfToFloat(new Uint16Array(copy(half)))).toEqual(Float32Array.from(values));
  });

  test('has an empty tensor', async () => {
    const { shape, bytes } = await read('empty');
    expect([shape, bytes.byteLength]).toEqual([[0, 3], 0]);
  });

  test('has a scalar', async () => {
    const scalar = await read('scalar');
    expect(scalar.shape).toEqual([]);
    expect(new Float32Array(copy(scalar))).toEqual(Float32Array.of(42));
  });

  test('has a non-ASCII name', async () => {
    expect(new Float32Array(copy(await read('名前')))).toEqual(Float32Array.of(0, 1, 2));
  });
});

/** A file with this header text and number of data bytes. */
function file(header: string | Uint8Array, dataBytes = 0, length?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const entry = (fields: object = {}) => ({ dtype: 'F32', shape: [2], data_offsets: [0, 8], ...fields });
const withTensors = (tensors: object, dataBytes: number) => file(JSON.stringify(tensors), dataBytes);

const brokenHeaders: readonly (readonly [string, Uint8Array, string])[] = [
  ['nothing', new Uint8Array(0), '0 bytes, expected at least 8'],
  ['7 bytes', new Uint8Array(7), '7 bytes, expected at least 8'],
  ['no header', new Uint8Array(8), 'its header is not JSON'],
  [
    'a header of 2^60 bytes',
    file('{}', 0, 1n << 60n),
    'header of 1152921504606846976 bytes, expected at most 2',
  ],
  [
    'a header of 2^64 − 1 bytes',
    file('{}', 0, (1n << 64n) - 1n),
    'header of 18446744073709551615 bytes, expected at most 2',
  ],
  ['a header longer than the file', file('{}', 0, 3n), 'header of 3 bytes, expected at most 2'],
  ['a header cut short', file('{"a":1}', 0, 4n), 'its header is not JSON'],
  ['a header that is not JSON', file('not json'), 'its header is not JSON'],
  ['a header that is not UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), 'its header is not JSON'],
  ['a header that is a list', file('[]'), 'its header is not a JSON object'],
  ['a header that is null', file('null'), 'its header is not a JSON object'],
  ['a header that is text', file('"text"'), 'its header is not a JSON object'],
  ['metadata that is not text', file('{"__metadata__":{"a":1}}'), 'its metadata values are not all strings'],
  ['metadata that is a list', file('{"__metadata__":[]}'), 'its metadata values are not all strings'],
  ['metadata that is null', file('{"__metadata__":null}'), 'its metadata values are not all strings'],
  ['a tensor that is a number', withTensors({ a: 1 }, 8), 'tensor a: '],
  ['a tensor that is null', withTensors({ a: null }, 8), 'tensor a: '],
  ['a tensor without shape', withTensors({ a: entry({ shape: undefined }) }, 8), 'tensor a: shape'],
  ['an unknown field', withTensors({ a: entry({ stride: [1] }) }, 8), 'tensor a: '],
  ['an unknown dtype', withTensors({ a: entry({ dtype: 'F99' }) }, 8), 'tensor a: dtype'],
  ['a dtype that Object has', withTensors({ a: entry({ dtype: 'toString' }) }, 8), 'tensor a: dtype'],
  ['a negative size', withTensors({ a: entry({ shape: [-2] }) }, 8), 'tensor a: shape.0'],
  ['a fractional size', withTensors({ a: entry({ shape: [0.5, 4] }) }, 8), 'tensor a: shape.0'],
  ['a size beyond exact numbers', withTensors({ a: entry({ shape: [2 ** 60] }) }, 8), 'tensor a: shape.0'],
  ['a shape of text', withTensors({ a: entry({ shape: '2' }) }, 8), 'tensor a: shape'],
  ['negative offsets', withTensors({ a: entry({ data_offsets: [-8, 0] }) }, 8), 'tensor a: data_offsets.0'],
  ['one offset', withTensors({ a: entry({ data_offsets: [8] }) }, 8), 'tensor a: data_offsets'],
  ['__proto__ as a broken tensor', file('{"__proto__":{"dtype":"F32"}}'), 'tensor __proto__: '],
  ['line breaks in an unknown field', withTensors({ a: entry({ 'b\nc': 1 }) }, 8), 'tensor a: '],
  [
    'a broken tensor with line breaks in its name',
    withTensors({ 'a\nb\u001b[31m': 1 }, 8),
    'tensor a\\u000ab\\u001b[31m: ',
  ],
];

const brokenData: readonly (readonly [string, Uint8Array, string])[] = [
  [
    'overlapping tensors',
    withTensors({ a: entry(), b: entry({ data_offsets: [4, 12] }) }, 12),
    'tensor b: bytes 4 to 12 overlap another tensor, expected to start at 8',
  ],
  [
    'two tensors on one range',
    withTensors({ a: entry(), b: entry() }, 8),
    'tensor b: bytes 0 to 8 overlap another tensor, expected to start at 8',
  ],
  ['offsets out of the file', withTensors({ a: entry() }, 4), 'tensor a: bytes 0 to 8, the data ends at 4'],
  [
    'offsets in reverse',
    withTensors({ a: entry({ shape: [0], data_offsets: [8, 0] }) }, 8),
    'tensor a: bytes 8 to 0, expected to start at 0',
  ],
  [
    'too many bytes for a shape',
    withTensors({ a: entry({ shape: [1] }) }, 8),
    'tensor a: bytes 0 to 8, expected 4 for F32 [1]',
  ],
  [
    'too few bytes for a dtype',
    withTensors({ a: entry({ dtype: 'F64' }) }, 8),
    'tensor a: bytes 0 to 8, expected 16 for F64 [2]',
  ],
  [
    'a hole at the start',
    withTensors({ a: entry({ data_offsets: [4, 12] }) }, 12),
    'tensor a: bytes 4 to 12, expected to start at 0',
  ],
  [
    'a hole between tensors',
    withTensors({ a: entry(), b: entry({ data_offsets: [12, 20] }) }, 20),
    'tensor b: bytes 12 to 20, expected to start at 8',
  ],
  ['trailing bytes', withTensors({ a: entry() }, 9), '1 bytes belong to no tensor'],
  ['bytes outside all tensors', file('{}', 3), '3 bytes belong to no tensor'],
  [
    'a shape beyond exact numbers',
    withTensors({ a: entry({ shape: [2 ** 40, 2 ** 40] }) }, 8),
    'tensor a: bytes 0 to 8, expected 4.835703278458517e+24 for F32',
  ],
  [
    'a shape beyond all numbers',
    withTensors({ a: entry({ shape: Array(30).fill(2 ** 52) }) }, 8),
    'tensor a: bytes 0 to 8, expected Infinity for F32',
  ],
  [
    'a shape beyond all numbers times zero',
    withTensors({ a: entry({ shape: [...Array(30).fill(2 ** 52), 0], data_offsets: [0, 0] }) }, 0),
    'tensor a: bytes 0 to 0, expected NaN for F32',
  ],
];

describe('a damaged file', () => {
  test.each([...brokenHeaders, ...brokenData])(
    'with %s is refused in one line that names it',
    async (_, bytes, problem) => {
      const path = join(folder, 'damaged.safetensors');
      await writeFile(path, bytes);
      const { code, message } = await microYoloError(readSafetensors(path));
      expect(code).toBe('invalid-file');
      expect(message).toContain(`${path}: ${problem}`);
      expect(message).toMatch(
        /; the file is damaged, or not a safetensors file; download or export it again$/,
      );
      // Contains neither line breaks nor a terminal's control characters.
      expect(message).toMatch(/^\P{Cc}*$/u);
    },
  );

  test.each(brokenHeaders)('with %s has no metadata', async (_, bytes, problem) => {
    const path = join(folder, 'damaged-header.safetensors');
    await writeFile(path, bytes);
    const { message } = await microYoloError(readSafetensorsMetadata(path));
    expect(message).toContain(`${path}: ${problem}`);
  });

  test('truncated at any length is refused', async () => {
    const whole = formatSafetensors({ tensors: new Map([['a', floats([2], 1, 2)]]), metadata: { k: 'v' } });
    for (let length = 0; length < whole.length; length++) {
      expect(() => parseSafetensors(whole.subarray(0, length), 'it'), `${length} bytes`).toThrow(
        MicroYoloError,
      );
    }
  });
});

describe.each([
  ['readSafetensors', readSafetensors],
  ['readSafetensorsMetadata', readSafetensorsMetadata],
])('%s', (_, read) => {
  test('reports a missing file', async () => {
    const { code, message } = await microYoloError(read(join(folder, 'absent.safetensors')));
    expect(code).toBe('not-found');
    expect(message).toMatch(/absent\.safetensors: no such file, expected a/);
  });

  test('reports a folder', async () => {
    const path = join(folder, 'folder.safetensors');
    await mkdir(path, { recursive: true });
    const { code, message } = await microYoloError(read(path));
    expect(code).toBe('invalid-file');
    expect(message).toContain(`${path}: is a folder, expected`);
  });
});

test('a failed write leaves the old file and no other file', async () => {
  const path = join(folder, 'missing', 'new.safetensors');
  const { code, message } = await microYoloError(
    writeSafetensors(path, { tensors: new Map(), metadata: {} }),
  );
  expect(code).toBe('not-writable');
  expect(message).toBe(`${path}: cannot be written (ENOENT); choose a folder that exists and is writable`);
  await expect(readFile(path)).rejects.toThrow('ENOENT');
});
