import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCifar } from '../../../../src/datasets/formats/classification/cifar.ts';
import { temporaryFolder, writeDeep } from '../../../temporary-files.ts';

const root = temporaryFolder();

/** A record: labels, then one plane each of red, green and blue. */
function record(labels: readonly number[], red: number, green: number, blue: number): Uint8Array {
  const planes = [red, green, blue].flatMap((value) => Array.from({ length: 1024 }, () => value));
  const bytes = Uint8Array.from([...labels, ...planes]);
  bytes[labels.length + 1] = 99;
  return bytes;
}

const cifar10 = join(root, 'cifar-10');
await writeDeep(join(cifar10, 'batches.meta.txt'), 'airplane\nautomobile\n\n');
for (const batch of [1, 2, 3, 4, 5]) {
  await writeDeep(join(cifar10, `data_batch_${batch}.bin`), record([batch % 2], batch, 20, 30));
}
await writeDeep(join(cifar10, 'test_batch.bin'), Buffer.concat([record([0], 1, 2, 3), record([1], 4, 5, 6)]));

test('reads the training images of five files', async () => {
  const { classes, labels } = await readCifar(cifar10, 'train');
  expect(classes).toEqual(['airplane', 'automobile']);
  expect([...labels]).toEqual([1, 0, 1, 0, 1]);
});

test('converts planes to pixels', async () => {
  const cifar = await readCifar(cifar10, 'test');
  const { data, width, height } = await cifar.load(1);
  expect([width, height, data.length]).toEqual([32, 32, 3072]);
  expect([...data.subarray(0, 6)]).toEqual([4, 5, 6, 99, 5, 6]);
});

test('CIFAR-100 has its fine classes', async () => {
  const folder = join(root, 'cifar-100');
  await writeDeep(join(folder, 'fine_label_names.txt'), 'apple\nbee\n');
  await writeDeep(join(folder, 'test.bin'), record([0, 1], 7, 8, 9));
  const cifar = await readCifar(folder, 'test');
  expect([...cifar.labels]).toEqual([1]);
  expect([...(await cifar.load(0)).data.subarray(0, 3)]).toEqual([7, 8, 9]);
});

test('refuses a truncated file', async () => {
  const folder = join(root, 'short');
  await writeDeep(join(folder, 'batches.meta.txt'), 'airplane\n');
  await writeDeep(join(folder, 'test_batch.bin'), new Uint8Array(3000));
  await expect(readCifar(folder, 'test')).rejects.toThrow(
    /test_batch\.bin: 3000 bytes, expected a multiple of 3073/,
  );
});

test('refuses a label beyond the classes', async () => {
  const folder = join(root, 'beyond');
  await writeDeep(join(folder, 'batches.meta.txt'), 'airplane\n');
  await writeDeep(join(folder, 'test_batch.bin'), record([7], 0, 0, 0));
  await expect(readCifar(folder, 'test')).rejects.toThrow(
    /test_batch\.bin: image 0: class 7, expected one of the 1 classes/,
  );
});

test('refuses another folder', async () => {
  await expect(readCifar(root, 'test')).rejects.toThrow(/expected batches\.meta\.txt \(CIFAR-10\) or /);
});
