import type { RecognizedGraph } from '../../detection/foreign/load-graph-model.ts';
import type { Suppression } from '../../models/compile/compile.ts';
import type { Model } from '../../models/model.ts';

/** Export options that not every format supports. */
export interface ExportChoices {
  readonly half: boolean;
  readonly decode: boolean;
  readonly suppression: Suppression | undefined;
}

/** An export format. Its writer is imported when needed, so that `--help` loads none. */
interface ExportRow {
  readonly ending: string;
  /** Extensions of the other files that it writes. */
  readonly beside?: readonly string[];
  /** Options that it supports. */
  readonly options: readonly ('half' | 'decode' | 'nms')[];
  /** Writes a network. `files`: the other files, then the one with the extension `ending`. Returns notes. */
  write(model: Model, files: readonly string[], choices: ExportChoices): Promise<readonly string[]>;
  /** Writes an ONNX graph. Missing if the format cannot contain one. */
  readonly writeGraph?: (path: string, graph: RecognizedGraph, half: boolean) => Promise<void>;
}

async function write(path: string, contents: Uint8Array | string): Promise<void> {
  const { writeWholeFile } = await import('../../foundation/files/write.ts');
  await writeWholeFile(path, contents);
}

/** A row for each format. A new format is added only here. */
const ROWS = {
  onnx: {
    ending: '.onnx',
    options: ['half', 'decode', 'nms'],
    async write(model, [path], choices) {
      const { exportOnnx } = await import('../../models/compile/compile.ts');
      await write(path!, exportOnnx(model, choices));
      return [];
    },
    async writeGraph(path, { model }) {
      const { withTensorsInside } = await import('../../models/formats/onnx/inline-tensors.ts');
      await write(path, await withTensorsInside(model.onnx));
    },
  },
  safetensors: {
    ending: '.safetensors',
    options: ['half'],
    async write(model, [path], { half }) {
      const { writeModel } = await import('../../models/formats/safetensors/model-file.ts');
      await writeModel(path!, model, { half });
      return [];
    },
    async writeGraph(path, graph, half) {
      const { writeGraph } = await import('./import-graph.ts');
      await writeGraph(path, graph, { half });
    },
  },
  darknet: {
    ending: '.cfg',
    beside: ['.weights', '.names'],
    options: [],
    async write(model, [weightsPath, namesPath, cfgPath]) {
      const { writeDarknet } = await import('../../models/formats/darknet/write.ts');
      const { cfg, weights, names, notes } = writeDarknet(model);
      await write(weightsPath!, weights);
      await write(namesPath!, names);
      await write(cfgPath!, cfg);
      return notes;
    },
  },
} as const satisfies Readonly<Record<string, ExportRow>>;

export type ExportFormat = keyof typeof ROWS;

export const EXPORT_ROWS: Readonly<Record<ExportFormat, ExportRow>> = ROWS;
export const EXPORT_FORMATS = Object.keys(ROWS) as readonly ExportFormat[];

/** Formats that support an option. */
export function formatsWith(option: 'half' | 'decode' | 'nms'): readonly ExportFormat[] {
  return EXPORT_FORMATS.filter((format) => EXPORT_ROWS[format].options.includes(option));
}

/** Files that a format writes for a path. The path is the last one. */
export function outputFiles(format: ExportFormat, path: string): readonly string[] {
  const { ending, beside = [] } = EXPORT_ROWS[format];
  const stem = path.slice(0, path.length - ending.length);
  return [...beside.map((other) => `${stem}${other}`), path];
}

/** The formats as text: `onnx, safetensors or darknet (.cfg, .weights, .names)`. */
export function describeFormats(): string {
  const described = EXPORT_FORMATS.map((format) => {
    const { ending, beside } = EXPORT_ROWS[format];
    return beside ? `${format} (${[ending, ...beside].join(', ')})` : format;
  });
  return `${described.slice(0, -1).join(', ')} or ${described.at(-1)}`;
}
