import type { DatasetWriter } from '../output/writer.ts';
import type { DatasetSource, OpenDatasetOptions } from '../source.ts';
import type { VocBoxes } from './voc/boxes.ts';

/**
 * A format of data sets. A new one needs a folder beside this file and a row here; what only reads has no `write`. Code is
 * loaded when it is asked for: `--help` needs the names alone.
 */
export interface FormatRow {
  /** Endings of files that are data sets by themselves, and how they are opened. */
  readonly file?: {
    readonly endings: readonly string[];
    open(path: string, options: OpenDatasetOptions): Promise<DatasetSource>;
  };
  /**
   * Opens a folder if it is of this format. Formats that a name alone tells come first.
   * @param names the files and folders at its top that some format looks for
   */
  readonly sniff?: (
    folder: string,
    names: readonly string[],
    options: OpenDatasetOptions,
  ) => Promise<DatasetSource | undefined>;
  /** A writer into a folder, which must be there and empty. */
  readonly write?: (out: string, vocBoxes: VocBoxes) => Promise<DatasetWriter>;
}

const sources = () => import('../open/format-sources.ts');

const ROWS = {
  coco: {
    file: {
      endings: ['.json'],
      open: async (path, options) => (await sources()).cocoSource([path], options),
    },
    write: async (out) => (await import('./coco/writer.ts')).cocoWriter(out),
  },
  voc: {
    write: async (out, vocBoxes) => (await import('./voc/writer.ts')).vocWriter(out, vocBoxes),
  },
  yolo: {
    file: {
      endings: ['.yaml', '.yml'],
      open: async (path, options) => (await sources()).yamlSource(path, options),
    },
    write: async (out) => (await import('./yolo/writer.ts')).yoloWriter(out),
  },
  darknet: {
    file: {
      endings: ['.data'],
      open: async (path, options) => (await sources()).dataSource(path, options),
    },
    write: async (out) => (await import('./darknet/writer.ts')).darknetWriter(out),
  },
  cifar: {
    async sniff(folder, names, options) {
      const { isCifar } = await import('./classification/cifar.ts');
      return isCifar(names) ? (await sources()).cifarSource(folder, options) : undefined;
    },
  },
} as const satisfies Readonly<Record<string, FormatRow>>;

/** Name of a format that data sets can be written in. */
export type DatasetFormat = {
  [Name in keyof typeof ROWS]: (typeof ROWS)[Name] extends {
    /** Makes a writer: only formats that have one are written. */
    readonly write: unknown;
  }
    ? Name
    : never;
}[keyof typeof ROWS];

export const FORMAT_ROWS: readonly FormatRow[] = Object.values(ROWS);

/** The formats that can be written. */
export const DATASET_FORMATS = (Object.keys(ROWS) as (keyof typeof ROWS)[]).filter(
  (name): name is DatasetFormat => 'write' in ROWS[name],
);

/** A writer of a format into a folder, which must be there and empty. */
export function createWriter(format: DatasetFormat, out: string, vocBoxes: VocBoxes): Promise<DatasetWriter> {
  return ROWS[format].write(out, vocBoxes);
}
