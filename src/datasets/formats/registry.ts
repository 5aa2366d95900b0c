import { cifarSource, cocoSource, dataSource, yamlSource } from '../open/format-sources.ts';
import type { DatasetWriter } from '../output/writer.ts';
import type { DatasetSource, OpenDatasetOptions } from '../source.ts';
import { isCifar } from './classification/cifar.ts';
import { cocoWriter } from './coco/writer.ts';
import { darknetWriter } from './darknet/writer.ts';
import type { VocBoxes } from './voc/boxes.ts';
import { vocWriter } from './voc/writer.ts';
import { yoloWriter } from './yolo/writer.ts';

/** A format of data sets. A new one needs a folder beside this file and a row here; what only reads has no `write`. */
export interface FormatRow {
  /** Endings of files that are data sets by themselves, and how they are opened. */
  readonly file?: {
    readonly endings: readonly string[];
    open(path: string, options: OpenDatasetOptions): DatasetSource | Promise<DatasetSource>;
  };
  /**
   * Opens a folder if it is of this format. Formats that a name alone tells come first.
   * @param names the files and folders at its top that some format looks for
   */
  readonly sniff?: (
    folder: string,
    names: readonly string[],
    options: OpenDatasetOptions,
  ) => DatasetSource | undefined | Promise<DatasetSource | undefined>;
  /** A writer into a folder, which must be there and empty. */
  readonly write?: (out: string, vocBoxes: VocBoxes) => DatasetWriter;
}

const ROWS = {
  coco: {
    file: { endings: ['.json'], open: (path, options) => cocoSource([path], options) },
    write: cocoWriter,
  },
  voc: { write: vocWriter },
  yolo: { file: { endings: ['.yaml', '.yml'], open: yamlSource }, write: yoloWriter },
  darknet: { file: { endings: ['.data'], open: dataSource }, write: darknetWriter },
  cifar: {
    sniff: (folder, names, options) => (isCifar(names) ? cifarSource(folder, options) : undefined),
  },
} as const satisfies Readonly<Record<string, FormatRow>>;

/** A format that data sets are written in. */
export type DatasetFormat = {
  [Name in keyof typeof ROWS]: (typeof ROWS)[Name] extends {
    /** Makes a writer: only formats that have one are written. */
    readonly write: unknown;
  }
    ? Name
    : never;
}[keyof typeof ROWS];

export const FORMAT_ROWS: readonly FormatRow[] = Object.values(ROWS);

/** The formats that are written. */
export const DATASET_FORMATS = (Object.keys(ROWS) as (keyof typeof ROWS)[]).filter(
  (name): name is DatasetFormat => 'write' in ROWS[name],
);

/** A writer of a format into a folder, which must be there and empty. */
export function createWriter(format: DatasetFormat, out: string, vocBoxes: VocBoxes): DatasetWriter {
  return ROWS[format].write(out, vocBoxes);
}
