import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CatalogEntry, modelCatalog, shippedModelPath } from '../../models/fetch/catalog.ts';
import { modelCacheFolder } from '../../models/fetch/download.ts';

/** A model that is available by name, and its location. */
export interface ListedModel extends CatalogEntry {
  /** Total size of its files. */
  readonly bytes: number;
  /** `shipped` with this package, `fetched` into the cache, or `remote`, to be downloaded on first use. */
  readonly place: 'shipped' | 'fetched' | 'remote';
}

/** Lists the trained models that are available by name. */
export function listModels(): readonly ListedModel[] {
  return modelCatalog().map((entry): ListedModel => {
    const { name, files = [] } = entry;
    const shipped = shippedModelPath(name);
    if (shipped !== undefined) return { ...entry, bytes: statSync(shipped).size, place: 'shipped' };
    const isHere = files.every(({ url }) =>
      existsSync(join(modelCacheFolder(), name, basename(new URL(url).pathname))),
    );
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { ...entry, bytes, place: isHere ? 'fetched' : 'remote' };
  });
}
