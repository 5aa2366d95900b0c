import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dataset } from '../../../src/datasets/dataset.ts';
import { AUGMENTATION_DEFAULTS } from '../../../src/training/augmentation/options.ts';
import { type LoadedBatch, Loader, type LoaderOptions } from '../../../src/training/loader/loader.ts';
import { objectsByImage } from '../../../src/training/loader/objects.ts';
import { type Cache, fillStore } from '../../../src/training/loader/store/fill.ts';
import { tinyNetwork } from '../../models/tiny-model.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { drawnDataset } from '../run/tiny-run.ts';

const folder = temporaryFolder();
let dataset: Dataset;
beforeAll(async () => {
  dataset = await drawnDataset(join(folder, 'images'));
});

async function options(cache: Cache, change: Partial<LoaderOptions> = {}): Promise<LoaderOptions> {
  const { images, imageFolder } = dataset;
  const { handle, usable } = await fillStore({ images, imageFolder, side: 64, cache, folder });
  return {
    store: handle,
    objects: objectsByImage(dataset),
    usable,
    network: tinyNetwork(),
    assigner: 'best-anchor',
    room: 8,
    augmentation: { ...AUGMENTATION_DEFAULTS, mosaic: 0.5, mixup: 0.3 },
    cleanAugmentation: AUGMENTATION_DEFAULTS,
    fill: 114,
    batch: 3,
    seed: 11,
    shapeOf: ({ epoch }) => ({ input: { width: 64, height: 64 }, clean: epoch > 0 }),
    ...change,
  };
}

async function take(settings: LoaderOptions, count: number): Promise<readonly LoadedBatch[]> {
  await using loader = new Loader(settings);
  const batches: LoadedBatch[] = [];
  while (batches.length < count) batches.push(await loader.next());
  return batches;
}

/** What must not depend on how a batch was made. */
const content = (batches: readonly LoadedBatch[]) => batches.map(({ milliseconds: _, ...batch }) => batch);

describe('the loader', () => {
  test('makes the same batches for any number of threads and any cache', async () => {
    const expected = content(await take(await options('memory'), 5));
    expect(expected.map(({ position }) => position)).toEqual([
      { epoch: 0, batch: 0 },
      { epoch: 0, batch: 1 },
      { epoch: 0, batch: 2 },
      { epoch: 1, batch: 0 },
      { epoch: 1, batch: 1 },
    ]);
    expect(content(await take(await options('memory', { workers: 3, prefetch: 1 }), 5))).toEqual(expected);
    expect(content(await take(await options('disk', { workers: 2 }), 5))).toEqual(expected);
    expect(content(await take(await options('none'), 5))).toEqual(expected);
  });

  test('continues in the middle of an epoch as if it had never stopped', async () => {
    const whole = content(await take(await options('memory'), 5));
    const rest = content(await take(await options('memory', { position: { epoch: 0, batch: 2 } }), 3));
    expect(rest).toEqual(whole.slice(2));
  });

  test('gives other batches for another seed', async () => {
    const [a] = content(await take(await options('memory'), 1));
    const [b] = content(await take(await options('memory', { seed: 12 }), 1));
    expect(b!.tensors['image']).not.toEqual(a!.tensors['image']);
  });

  test('counts truths for which the step has no room', async () => {
    const [batch] = await take(
      await options('memory', {
        room: 1,
        augmentation: { ...AUGMENTATION_DEFAULTS, mosaic: 1, scale: [0.5, 0.5] },
      }),
      1,
    );
    expect(batch!.overflow).toBeGreaterThan(0);
  });

  test('names an image that has disappeared and uses another in its place', async () => {
    const away = temporaryFolder();
    const own = await drawnDataset(away, 3);
    const { handle, usable } = await fillStore({
      images: own.images,
      imageFolder: away,
      side: 64,
      cache: 'none',
      folder: away,
    });
    await rm(join(away, '1.png'));
    const settings = await options('memory', { store: handle, usable, objects: objectsByImage(own) });
    const [batch] = await take(settings, 1);
    expect(batch!.images.toSorted()).toEqual([0, 1, 2]);
    expect(batch!.skipped.map(({ image }) => image)).toEqual([1]);
    expect(batch!.skipped[0]!.message).toContain('1.png: no such file');
  });

  test('fails with the reason if no image is left', async () => {
    const away = temporaryFolder();
    const own = await drawnDataset(away, 2);
    const { handle, usable } = await fillStore({
      images: own.images,
      imageFolder: away,
      side: 64,
      cache: 'none',
      folder: away,
    });
    for (const { fileName } of own.images) await rm(join(away, fileName));
    const settings = await options('memory', { store: handle, usable, objects: objectsByImage(own) });
    await expect(take(settings, 1)).rejects.toThrow('no such file');
  });
});

test('leaves out an image with another aspect ratio than recorded, and keeps a shrunk one', async () => {
  const away = temporaryFolder();
  const { images } = await drawnDataset(away, 2);
  const [first, second] = images;
  // The first was twice as large when recorded; the second had another aspect ratio.
  const records = [
    { ...first!, width: 2 * first!.width, height: 2 * first!.height },
    { ...second!, width: second!.width, height: 2 * second!.height },
  ];
  const problems: (string | undefined)[] = [];
  await using store = await fillStore({
    images: records,
    imageFolder: away,
    side: 64,
    cache: 'memory',
    folder: away,
    onImage: (error) => problems.push(error?.message),
  });
  expect(store.usable).toEqual([0]);
  expect(problems.find((problem) => problem !== undefined)).toMatch(
    /1\.png: is \d+×\d+, the data says \d+×\d+: its boxes would be in the wrong places/,
  );
});

test('a cache leaves out what cannot be decoded, and says so', async () => {
  const away = temporaryFolder();
  const own = await drawnDataset(away, 3);
  await rm(join(away, '2.png'));
  const problems: (string | undefined)[] = [];
  const { usable } = await fillStore({
    images: own.images,
    imageFolder: away,
    side: 64,
    cache: 'memory',
    folder: away,
    onImage: (error) => problems.push(error?.message),
  });
  expect(usable).toEqual([0, 1]);
  expect(problems.filter((problem) => problem !== undefined)).toEqual([expect.stringContaining('2.png')]);
});

test('a cache on disk is deleted when its store is disposed', async () => {
  const away = temporaryFolder();
  const { images, imageFolder } = dataset;
  {
    await using store = await fillStore({ images, imageFolder, side: 64, cache: 'disk', folder: away });
    expect(store.usable).toHaveLength(images.length);
    expect(await readdir(away)).toEqual(['images.cache']);
  }
  expect(await readdir(away)).toEqual([]);
});
