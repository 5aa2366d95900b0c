import { open } from 'node:fs/promises';
import * as z from 'zod';
import { elementCount } from '../../../foundation/element-count.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { checkEnds, readWholeFile, unreadable } from '../../../foundation/files/read.ts';
import { writeWholeFile } from '../../../foundation/files/write.ts';

/**
 * The safetensors container, https://github.com/huggingface/safetensors: the header's length (8 bytes), a JSON header
 * with names, types, shapes and byte ranges, and the tensors' bytes.
 */

const ELEMENT_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

export type SafetensorsType = keyof typeof ELEMENT_BYTES;

/** One tensor: its bytes in row-major order, little-endian. */
export interface SafetensorsEntry {
  readonly type: SafetensorsType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Limit of the reference implementation. */
const MAX_HEADER_BYTES = 100_000_000;

const types = Object.keys(ELEMENT_BYTES) as [SafetensorsType, ...SafetensorsType[]];
const natural = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.strictObject({
  dtype: z.enum(types),
  shape: z.array(natural),
  data_offsets: z.tuple([natural, natural]),
});
const metadataSchema = z.record(z.string(), z.string());

type Entry = { readonly name: string } & z.infer<typeof entrySchema>;

function invalid(file: string, problem: string): never {
  throw new MicroYoloError(
    'invalid-file',
    `${file}: ${problem}; the file is damaged, or not a safetensors file; download or export it again`,
    { path: file },
  );
}

function headerLength(first: Uint8Array, fileBytes: number, file: string): number {
  if (first.byteLength < 8) invalid(file, `${fileBytes} bytes, expected at least 8`);
  const length = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
  const most = Math.min(fileBytes - 8, MAX_HEADER_BYTES);
  if (length > BigInt(most)) invalid(file, `header of ${length} bytes, expected at most ${most}`);
  return Number(length);
}

function parseHeader(
  bytes: Uint8Array,
  file: string,
): { entries: Entry[]; metadata: Record<string, string> } {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return invalid(file, 'its header is not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return invalid(file, 'its header is not a JSON object');
  }
  const { __metadata__: metadata = {}, ...tensors } = json as Record<string, unknown>;
  const checked = metadataSchema.safeParse(metadata);
  if (!checked.success) return invalid(file, 'its metadata values are not all strings');
  const entries = Object.entries(tensors).map(([name, value]) => {
    const entry = entrySchema.safeParse(value);
    if (entry.success) return { name, ...entry.data };
    const issue = entry.error.issues[0]!;
    return invalid(file, `tensor ${name}: ${issue.path.join('.')}: ${issue.message}`);
  });
  return { entries, metadata: checked.data };
}

/** Checks that every byte of the data belongs to one tensor, and that each range fits its type and shape. */
function checkRanges(entries: readonly Entry[], dataBytes: number, file: string): void {
  let end = 0;
  for (const { name, dtype, shape, data_offsets } of [...entries].sort(
    (a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  )) {
    const [start, stop] = data_offsets;
    const bytes = ELEMENT_BYTES[dtype] * elementCount(shape);
    const place = `tensor ${name}: bytes ${start} to ${stop}`;
    if (stop > dataBytes) invalid(file, `${place}, the data ends at ${dataBytes}`);
    if (start < end) invalid(file, `${place} overlap another tensor, expected to start at ${end}`);
    if (start > end) invalid(file, `${place}, expected to start at ${end}`);
    if (stop - start !== bytes)
      invalid(file, `${place}, expected ${bytes} for ${dtype} [${shape.join(', ')}]`);
    end = stop;
  }
  if (end !== dataBytes) invalid(file, `${dataBytes - end} bytes belong to no tensor`);
}

/**
 * Reads only the header, and none of a large file's data.
 * @throws MicroYoloError as `readSafetensors`
 */
export async function readSafetensorsMetadata(path: string): Promise<Readonly<Record<string, string>>> {
  try {
    await checkEnds(path, 'a safetensors file');
    await using handle = await open(path);
    const { size } = await handle.stat();
    const first = Buffer.alloc(8);
    const { bytesRead } = await handle.read(first, 0, 8, 0);
    const header = Buffer.alloc(headerLength(first.subarray(0, bytesRead), size, path));
    await handle.read(header, 0, header.length, 8);
    return parseHeader(header, path).metadata;
  } catch (error) {
    // Opening a folder succeeds, and only reading fails.
    throw error instanceof MicroYoloError ? error : await unreadable(path, 'a safetensors file', error);
  }
}

/**
 * Reads a safetensors file. The whole header is validated before any tensor is read.
 * @throws MicroYoloError `not-found` or `invalid-file`
 */
export async function readSafetensors(path: string): Promise<Safetensors> {
  return parseSafetensors(await readWholeFile(path, 'a safetensors file'), path);
}

/**
 * Parses a safetensors file. The tensors are views of its bytes.
 * @param file name for messages
 * @throws MicroYoloError `invalid-file`
 */
export function parseSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const header = headerLength(bytes.subarray(0, 8), bytes.byteLength, file);
  const { entries, metadata } = parseHeader(bytes.subarray(8, 8 + header), file);
  const data = bytes.subarray(8 + header);
  checkRanges(entries, data.byteLength, file);
  const tensors = new Map<string, SafetensorsEntry>();
  for (const { name, dtype, shape, data_offsets } of entries) {
    tensors.set(name, { type: dtype, shape, bytes: data.subarray(...data_offsets) });
  }
  return { tensors, metadata };
}

/** Returns the bytes of a safetensors file. The data starts at a multiple of 8. */
export function formatSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  let end = 0;
  const entries = [...tensors].map(([name, { type, shape, bytes }]) => {
    const start = end;
    end += bytes.byteLength;
    return [name, { dtype: type, shape, data_offsets: [start, end] }] as const;
  });
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const text = new TextEncoder().encode(json);
  const header = Math.ceil(text.byteLength / 8) * 8;
  const file = new Uint8Array(8 + header + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(header), true);
  file.set(text, 8);
  file.fill(0x20, 8 + text.byteLength, 8 + header);
  let offset = 8 + header;
  for (const { bytes } of tensors.values()) {
    file.set(bytes, offset);
    offset += bytes.byteLength;
  }
  return file;
}

/**
 * Writes a safetensors file, atomically.
 * @throws MicroYoloError `not-writable`
 */
export async function writeSafetensors(path: string, contents: Safetensors): Promise<void> {
  await writeWholeFile(path, formatSafetensors(contents));
}
