import { stat } from 'node:fs/promises';
import type { Dataset } from '../../datasets/dataset.ts';
import { basicGraph } from '../../executors/onnx/basic-graph.ts';
import { integerInstructions } from '../../executors/onnx/integer-instructions.ts';
import { type OnnxFile, readOnnx } from '../../executors/onnx/read.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { modelFile } from '../../models/load.ts';
import type { QuantizeOptions } from '../../options/quantize.ts';
import { readSplit } from '../datasets/read-split.ts';
import { commonClasses } from '../evaluate/detect-dataset.ts';
import { evaluateGraph } from './evaluate-graph.ts';
import type { LayerWork } from './layer-work.ts';
import { type QuantizedModel, quantizeLayers } from './quantize-layers.ts';
import type { QuantizeEvent, QuantizeReport } from './report.ts';
import { completeSettings, outputPath } from './settings.ts';
import { openSourceGraph, type WholeGraph } from './source-graph.ts';
import { storeFewerBits } from './store-fewer-bits.ts';
import { Trainer } from './training/trainer.ts';
import { trySwap } from './training/try-swap.ts';
import { QUANTIZED_NOTE, writeQuantized } from './write-quantized.ts';

export type { QuantizeOptions } from '../../options/quantize.ts';
export type {
  FinetuningReport,
  QuantizedLayer,
  QuantizeEvent,
  QuantizeReport,
  SwapReport,
} from './report.ts';

/** Operators that show that a graph is already quantized. */
const QUANTIZED = [
  ...['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear', 'QLinearConv', 'ConvInteger'],
];

function refuseQuantized(path: string, { model }: WholeGraph): void {
  const { operators } = readOnnx(model.onnx, path);
  const found = QUANTIZED.find((operator) => operators.has(operator)) ?? model.provenance[QUANTIZED_NOTE];
  if (found === undefined) return;
  throw new MicroYoloError(
    'invalid-argument',
    `model ${path}: is quantized already (${found}); quantize the model that it was made from`,
    { field: 'model', received: path },
  );
}

/** The split to evaluate on. Undefined without labeled data. */
async function evaluationSplit(
  { data, split }: QuantizeOptions,
  { classes }: GraphModel,
  onEvent: (event: QuantizeEvent) => void,
): Promise<Dataset | undefined> {
  if (data === undefined) return undefined;
  const dataset = await readSplit(data, {
    split,
    onProblem: ({ place, message }) => onEvent({ type: 'note', message: `${place}: ${message}` }),
  });
  commonClasses(classes, dataset);
  return dataset;
}

async function fewerBits(model: GraphModel, { proto }: OnnxFile, work: LayerWork): Promise<QuantizedModel> {
  const { settings, dataset, evaluate, onEvent } = work;
  const { precision } = settings;
  const { onnx, bits, how } = storeFewerBits(
    proto,
    precision as Exclude<typeof precision, 'int8'>,
    model.name,
  );
  const stored = { ...model, onnx };
  const message = `${how}: fewer bytes, the same time, because weights become floats when the file is loaded`;
  onEvent({ type: 'note', message });
  const AP50 = dataset && { float32: await evaluate(model), quantized: await evaluate(stored) };
  return { model: stored, how, weightBits: bits, layers: [], AP50, samples: 0 };
}

/**
 * Converts a detector to 8 bits: convolutions that become faster on this machine compute in integers. With another
 * `precision`, only stores its weights in fewer bits, which saves bytes but no time.
 * @throws MicroYoloError if the model is not a detector or is already quantized, an image is used for calibration and
 * evaluation, AP50 cannot be kept within `maxDrop`, or the file cannot be written; `interrupted` if the signal aborts.
 * Then nothing is written, and the same call continues an interrupted training
 */
export async function quantizeModel(
  options: QuantizeOptions,
  watch: Watch<QuantizeEvent> = {},
): Promise<QuantizeReport> {
  const notify = watching(watch);
  // After the signal aborts, training events must not throw, so that training can save its checkpoint.
  const notifyTraining = watching({ ...watch, signal: undefined });
  const settings = completeSettings(options);
  const { signal } = watch;
  const notes: string[] = [];
  const onEvent = (event: QuantizeEvent) => {
    if (event.type === 'note') {
      // With a swap, the network is quantized twice, and its notes repeat.
      if (notes.includes(event.message)) return;
      notes.push(event.message);
    }
    notify(event);
  };
  const source = await modelFile(options.model);
  const path = await outputPath(settings, source);
  const graph = await openSourceGraph(source, options);
  refuseQuantized(source, graph);
  for (const message of graph.notes) onEvent({ type: 'note', message });
  const dataset = await evaluationSplit(options, graph.model, onEvent);
  await using trainer = await Trainer.open(graph, {
    ...{ settings, path, signal },
    onTraining: (event) => notifyTraining({ type: 'training', event }),
  });
  const evaluate = async (model: GraphModel) => {
    onEvent({ type: 'started', stage: 'evaluating', steps: dataset!.images.length });
    return await evaluateGraph(model, dataset!, {
      threads: settings.threads,
      signal,
      onEvent: (event) => {
        if (event.type === 'item') onEvent({ type: 'step' });
        else if (event.type === 'skipped') onEvent({ ...event, message: event.error.message });
      },
    });
  };
  const onnx = await basicGraph(graph.model.onnx, source);
  const model = { ...graph.model, onnx };
  const machine = integerInstructions();
  const work: LayerWork = { settings, machine, dataset, evaluate, trainer, signal, onEvent };
  const make = settings.precision === 'int8' ? quantizeLayers : fewerBits;
  const made = await trySwap(await make(model, readOnnx(onnx, source), work), work);
  await writeQuantized(path, graph, made, settings.split ?? 'val');
  const { model: _, how: __, bench: ___, ...report } = made;
  const bytes = { float32: onnx.byteLength, quantized: (await stat(path)).size };
  return { path, bytes, machine: machine.name, ...report, notes };
}
