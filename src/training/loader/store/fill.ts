import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetImage } from '../../../datasets/dataset.ts';
import { freeMemory } from '../../../executors/step/memory.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { notWritable } from '../../../foundation/files/write.ts';
import { mapParallel } from '../../../foundation/parallel.ts';
import type { RgbImage } from '../../../image/decode.ts';
import type { NotedImage } from '../../../image/notes.ts';
import type { CACHES } from '../../../options/train.ts';
import { FileStore, fittingSize } from './files.ts';
import type { SharedImage, StoredImage, StoreHandle } from './store.ts';

export type Cache = (typeof CACHES)[number];

/** Shares of the free memory or disk space that a cache may use. The network needs the rest of the memory. */
const MEMORY_SHARE = 0.5;
const DISK_SHARE = 0.5;
/** Number of files decoded at the same time. */
const OPEN_FILES = 4;

export interface FillOptions {
  readonly images: readonly DatasetImage[];
  readonly imageFolder: string;
  /** Longest side that training needs, in pixels. */
  readonly side: number;
  readonly cache: Cache;
  /** Folder for a cache on disk. */
  readonly folder: string;
  readonly onImage?: ((error?: MicroYoloError) => void) | undefined;
  /** Called for each usable image with a peculiarity, such as a truncated file or 12-bit values. */
  readonly onNote?: ((noted: NotedImage) => void) | undefined;
  /** Aborts reading. */
  readonly signal?: AbortSignal | undefined;
}

/** Name of the cache file. A killed run leaves it behind, and overwrites it when resumed. */
const CACHE_FILE = 'images.cache';

/** A filled store. Its owner must dispose it, which removes a cache on disk. */
export interface FilledStore extends AsyncDisposable {
  readonly handle: StoreHandle;
  /** Indices of the usable images. */
  readonly usable: readonly number[];
}

async function choose({ images, side, cache, folder }: FillOptions): Promise<Exclude<Cache, 'auto'>> {
  if (cache !== 'auto' && cache !== 'none') return cache;
  // Images without a file are already in memory.
  const hasFiles = images.every(({ pixels }) => pixels === undefined);
  if (cache === 'none') return hasFiles ? 'none' : 'memory';
  const bytes = images.reduce((sum, image) => {
    const { width, height } = fittingSize(image, side);
    return sum + 3 * width * height;
  }, 0);
  if (bytes <= freeMemory() * MEMORY_SHARE) return 'memory';
  const disk = await statfs(folder).catch(() => undefined);
  return disk && bytes <= disk.bavail * disk.bsize * DISK_SHARE ? 'disk' : 'none';
}

/**
 * Decodes every image once, into memory or a file, and finds unreadable ones. Without a cache, images are decoded
 * later, and all of them count as usable.
 * @throws MicroYoloError `interrupted`, or `not-writable` for a cache on disk
 */
export async function fillStore(options: FillOptions): Promise<FilledStore> {
  const { images, imageFolder, side, folder, onImage, onNote, signal } = options;
  const kind = await choose(options);
  const located = images.map(({ fileName, width, height }) => {
    return { path: join(imageFolder, fileName), width, height };
  });
  const places = [...images.keys()];
  const nothing = async () => {};
  if (kind === 'none') {
    return {
      handle: { kind: 'files', images: located, side },
      usable: places,
      [Symbol.asyncDispose]: nothing,
    };
  }

  const files = new FileStore(located, side);
  const tryLoad = async <T>(
    index: number,
    keep: (image: RgbImage) => T | Promise<T>,
  ): Promise<T | undefined> => {
    if (signal?.aborted) {
      throw new MicroYoloError('interrupted', 'interrupted while reading images, before any training');
    }
    try {
      const image = images[index]!.pixels?.() ?? (await files.load(index));
      if (image.note) onNote?.({ image: images[index]!.fileName, note: image.note });
      const kept = await keep(image);
      onImage?.();
      return kept;
    } catch (error) {
      if (!(error instanceof MicroYoloError) || error.code === 'not-writable') throw error;
      onImage?.(error);
      return undefined;
    }
  };
  const usableOf = (found: readonly unknown[]) => places.filter((place) => found[place] !== undefined);
  if (kind === 'memory') {
    const shared = await mapParallel(places, OPEN_FILES, (index) =>
      tryLoad(index, ({ width, height, data }): SharedImage => {
        const bytes = new SharedArrayBuffer(data.length);
        new Uint8Array(bytes).set(data);
        return { width, height, bytes };
      }),
    );
    return { handle: { kind, images: shared }, usable: usableOf(shared), [Symbol.asyncDispose]: nothing };
  }
  const path = join(folder, CACHE_FILE);
  await using file = await open(path, 'w').catch((error: unknown) => {
    throw notWritable(path, error);
  });
  let end = 0;
  const remove = () => rm(path, { force: true });
  const filling = mapParallel(places, OPEN_FILES, (index) =>
    tryLoad(index, async ({ width, height, data }): Promise<StoredImage> => {
      const offset = end;
      end += data.length;
      const { bytesWritten } = await file.write(data, 0, data.length, offset).catch((error: unknown) => {
        throw notWritable(path, error);
      });
      if (bytesWritten < data.length) throw notWritable(path, Object.assign(new Error(), { code: 'ENOSPC' }));
      return { width, height, offset };
    }),
  );
  const stored = await filling.catch(async (error: unknown) => {
    // If the disk is full, a partial cache would keep it full.
    await remove();
    throw error;
  });
  return { handle: { kind, path, images: stored }, usable: usableOf(stored), [Symbol.asyncDispose]: remove };
}
