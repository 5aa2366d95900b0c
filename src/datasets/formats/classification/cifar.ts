import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { readWholeFile, unreadable } from '../../../foundation/files/read.ts';
import { filledLines, readText } from '../../../foundation/files/text.ts';
import type { RgbImage } from '../../../image/decode.ts';
import type { ClassificationDataset } from './dataset.ts';

const SIDE = 32;
const PIXELS = SIDE * SIDE;

/** The binary version of CIFAR-10 or CIFAR-100: https://www.cs.toronto.edu/~kriz/cifar.html */
interface CifarLayout {
  readonly names: string;
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Bytes of labels before an image's pixels; the last is its class. */
  readonly labelBytes: number;
}

const CIFAR_10: CifarLayout = {
  names: 'batches.meta.txt',
  train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
  test: ['test_batch.bin'],
  labelBytes: 1,
};
const CIFAR_100: CifarLayout = {
  names: 'fine_label_names.txt',
  train: ['train.bin'],
  test: ['test.bin'],
  labelBytes: 2,
};

async function layoutOf(folder: string): Promise<CifarLayout> {
  const names = await readdir(folder).catch(async (error: unknown) =>
    Promise.reject(await unreadable(folder, "a folder of CIFAR's binary files", error)),
  );
  const layout = [CIFAR_10, CIFAR_100].find((candidate) => names.includes(candidate.names));
  if (layout) return layout;
  const expected = `expected ${CIFAR_10.names} (CIFAR-10) or ${CIFAR_100.names} (CIFAR-100)`;
  throw new MicroYoloError('not-found', `${folder}: ${expected} in it; download the binary version`, {
    path: folder,
  });
}

async function readBatch(path: string, record: number): Promise<Buffer> {
  const bytes = await readWholeFile(path, 'a batch of CIFAR images');
  if (bytes.length > 0 && bytes.length % record === 0) return bytes;
  const expected = `expected a multiple of ${record}`;
  throw new MicroYoloError(
    'invalid-file',
    `${path}: ${bytes.length} bytes, ${expected}; download the file again`,
    { path },
  );
}

/** Converts CHW bytes to an HWC image. */
function interleave(planes: Uint8Array): RgbImage {
  const data = new Uint8Array(PIXELS * 3);
  for (let pixel = 0; pixel < PIXELS; pixel++) {
    for (let color = 0; color < 3; color++) data[pixel * 3 + color] = planes[color * PIXELS + pixel]!;
  }
  return { data, width: SIDE, height: SIDE };
}

/** Whether the file names in a folder are those of CIFAR's binary version. */
export function isCifar(names: readonly string[]): boolean {
  return [CIFAR_10, CIFAR_100].some(({ names: file }) => names.includes(file));
}

/**
 * Reads CIFAR-10 or CIFAR-100 (its fine classes) from the binary files.
 * @throws MicroYoloError `not-found`, or `invalid-file` if a file is damaged
 */
export async function readCifar(folder: string, split: 'train' | 'test'): Promise<ClassificationDataset> {
  const layout = await layoutOf(folder);
  const classes = filledLines(await readText(join(folder, layout.names), 'class names')).map(
    ({ line }) => line,
  );
  const record = layout.labelBytes + PIXELS * 3;
  const batches: Buffer[] = [];
  for (const name of layout[split]) batches.push(await readBatch(join(folder, name), record));
  const records = batches.flatMap((bytes, batch) =>
    Array.from({ length: bytes.length / record }, (_, index) => ({ batch, start: index * record })),
  );
  const nameOf = (index: number) => {
    const { batch = 0, start = 0 } = records[index] ?? {};
    return `${join(folder, layout[split][batch]!)}: image ${start / record}`;
  };
  const labels = Int32Array.from(
    records,
    ({ batch, start }) => batches[batch]![start + layout.labelBytes - 1]!,
  );
  const bad = labels.findIndex((label) => label >= classes.length);
  if (bad >= 0) {
    const expected = `expected one of the ${classes.length} classes`;
    throw new MicroYoloError('invalid-file', `${nameOf(bad)}: class ${labels[bad]}, ${expected}`);
  }
  const sourceOf = (index: number) => {
    const { batch, start } = records[index]!;
    return interleave(batches[batch]!.subarray(start + layout.labelBytes, start + record));
  };
  return { classes, labels, nameOf, sourceOf, load: async (index) => sourceOf(index) };
}
