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
  /** Name, as `--model` and `loadDetector` accept it. */
  readonly name: string;
  /** Description of what it detects. */
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
  /** COCO's average precision, 0–1, on data that it was not trained on. */
  readonly evaluation: {
    /** The data that it was evaluated on. */
    readonly data: string;
    /** COCO's AP, 0–1. */
    readonly AP: number;
    /** COCO's AP50, 0–1. */
    readonly AP50: number;
  };
  /** File in `models/`, for a model that ships with this package. */
  readonly file?: string;
  /** Files of a downloadable model. The first one opens it, the others belong beside it. */
  readonly files?: readonly CatalogFile[];
}

const FOLDER = new URL('../../../models/', import.meta.url);

/** The default model of `detect`. */
export const DEFAULT_MODEL = 'micro-yolo-coco';

let catalog: readonly CatalogEntry[] | undefined;

/** Lists the trained models that are available by name: bundled ones and downloadable ones. */
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
