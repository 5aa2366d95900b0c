import { DiskStore } from './disk.ts';
import { MemoryStore } from './memory.ts';
import type { ImageStore, StoreHandle } from './store.ts';

/** Opens a store that another thread has filled. The image codec loads slowly, so only `files` stores load it. */
export async function openStore(handle: StoreHandle): Promise<ImageStore> {
  switch (handle.kind) {
    case 'memory':
      return new MemoryStore(handle.images);
    case 'disk':
      return DiskStore.open(handle.path, handle.images);
    case 'files': {
      const { FileStore } = await import('./files.ts');
      return new FileStore(handle.images, handle.side);
    }
  }
}
