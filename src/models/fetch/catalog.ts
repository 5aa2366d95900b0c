import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file of a model that is fetched. */
export interface CatalogFile {
  /** https address. */
  readonly url: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Digest in hexadecimal. */
  readonly sha256: string;
}

/** A trained model that is known by name. */
export interface CatalogEntry {
  /** What `--model` and `loadDetector` take. */
  readonly name: string;
  /** What it finds. */
  readonly about: string;
  /** SPDX identifier, or its name. */
  readonly license: string;
  /** Where it comes from. */
  readonly source: string;
  /** Width and height in pixels. */
  readonly input: readonly [width: number, height: number];
  /** Numbers that were learned. */
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
  /** COCO's average precisions, 0–1, on a data set that it was not trained on. */
  readonly evaluation: {
    /** The data it was measured on. */
    readonly data: string;
    /** COCO's AP, 0–1. */
    readonly AP: number;
    /** COCO's AP50, 0–1. */
    readonly AP50: number;
  };
  /** Of one that comes with this package, in `models/`. */
  readonly file?: string;
  /** Of one that is fetched: the first is what opens it, the others belong beside it. */
  readonly files?: readonly CatalogFile[];
}

const FOLDER = new URL('../../../models/', import.meta.url);

/** What `detect` uses if no model is named. */
export const DEFAULT_MODEL = 'micro-yolo-coco';

let catalog: readonly CatalogEntry[] | undefined;

/** The trained models that are known by name: those that come with this package, and those that are fetched. */
export function modelCatalog(): readonly CatalogEntry[] {
  // Read when first asked for: most programs name a file.
  catalog ??= (
    JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8')) as { models: readonly CatalogEntry[] }
  ).models;
  return catalog;
}

/** Whether a model is known by this name. */
export function catalogEntry(name: string): CatalogEntry | undefined {
  // A path is no name, and needs no look into the catalog.
  return /^[a-z0-9.-]+$/.test(name) ? modelCatalog().find((entry) => entry.name === name) : undefined;
}

/** The file of a model that comes with this package; undefined for any other name. */
export function shippedModelPath(name: string): string | undefined {
  const file = catalogEntry(name)?.file;
  return file === undefined ? undefined : fileURLToPath(new URL(file, FOLDER));
}
