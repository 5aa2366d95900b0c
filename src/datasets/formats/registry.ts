import type { DatasetWriter } from '../output/writer.ts';
import type { DatasetSource, OpenDatasetOptions } from '../source.ts';
import type { VocBoxes } from './voc/boxes.ts';

/**
 * A data set format. A new one needs a folder next to this file and a row here. Read-only formats have no `write`. Code
 * is loaded on demand, because `--help` needs only the names.
 */
export interface FormatRow {
  /** Extensions of files that are data sets by themselves, and the function that opens them. */
  readonly file?: {
    readonly endings: readonly string[];
    open(path: string, options: OpenDatasetOptions): Promise<DatasetSource>;
  };
  /**
   * Opens a folder if it has this format. Formats that a name alone identifies come first.
   * @param names the top-level files and folders that some format looks for
   */
  readonly sniff?: (
    folder: string,
    names: readonly string[],
    options: OpenDatasetOptions,
  ) => Promise<DatasetSource | undefined>;
  /** Creates a writer into an existing, empty folder. */
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
    /** Only formats with a writer. */
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

/** Creates a writer of a format into an existing, empty folder. */
export function createWriter(format: DatasetFormat, out: string, vocBoxes: VocBoxes): Promise<DatasetWriter> {
  return ROWS[format].write(out, vocBoxes);
}
