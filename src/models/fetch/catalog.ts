import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file of a downloadable model. */
export interface CatalogFile {
  /** Address of the file, https. */
  readonly url: string;
  /** Size of the file. */
  readonly bytes: number;
  /** SHA-256 digest in hexadecimal. */
  readonly sha256: string;
}

/** A trained model that is available by name. */
export interface CatalogEntry {
  /** Name for `--model` and `loadDetector`. */
  readonly name: string;
  /** Description of what the model detects. */
  readonly about: string;
  /** SPDX identifier or name of the license. */
  readonly license: string;
  /** Origin of the model. */
  readonly source: string;
  /** Input size: width and height in pixels. */
  readonly input: readonly [width: number, height: number];
  /** Number of trainable parameters. */
  readonly parameters: number;
  /** Multiply-accumulates for one image. */
  readonly macs: number;
  /** COCO's average precision, 0–1, on data that the model was not trained on. */
  readonly evaluation: {
    /** Data set of the evaluation. */
    readonly data: string;
    /** COCO's AP, 0–1. */
    readonly AP: number;
    /** COCO's AP50, 0–1. */
    readonly AP50: number;
  };
  /** File in `models/`, for a model that ships with this package. */
  readonly file?: string;
  /** Files of a downloadable model. The first one is the model, and the others must be in the same folder. */
  readonly files?: readonly CatalogFile[];
}

const FOLDER = new URL('../../../models/', import.meta.url);

/** The default model of `detect`. */
export const DEFAULT_MODEL = 'micro-yolo-coco';

let catalog: readonly CatalogEntry[] | undefined;

/** Lists the trained models that are available by name: bundled ones and downloadable ones. */
export function modelCatalog(): readonly CatalogEntry[] {
  // The catalog is read on first use, because most programs name a file.
  catalog ??= (
    JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8')) as { models: readonly CatalogEntry[] }
  ).models;
  return catalog;
}

/** Returns the catalog entry of a name, or undefined. */
export function catalogEntry(name: string): CatalogEntry | undefined {
  // A path is not a name, and needs no catalog.
  return /^[a-z0-9.-]+$/.test(name) ? modelCatalog().find((entry) => entry.name === name) : undefined;
}

/** Returns the file of a model that ships with this package, or undefined for any other name. */
export function shippedModelPath(name: string): string | undefined {
  const file = catalogEntry(name)?.file;
  return file === undefined ? undefined : fileURLToPath(new URL(file, FOLDER));
}
