import * as z from 'zod';
import { swapActivations } from '../../../compression/quantize/swap-activations.ts';
import { readOnnx } from '../../../executors/onnx/read.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { GraphModel } from '../../../models/graph-model.ts';
import { fastLayers } from '../fast-layers.ts';
import type { LayerWork } from '../layer-work.ts';
import { openBench } from '../open-bench.ts';
import { type QuantizedModel, quantizeLayers } from '../quantize-layers.ts';
import type { QuantizeEvent, SwapReport } from '../report.ts';
import { MUCH } from '../within-limit.ts';
import { plainGraph } from './fine-tune.ts';

/** Largest relative time of a swap that pays off. Smaller differences may be timing noise. */
const PAYING = 0.97;

const timesSchema = z.strictObject({ before: z.number(), after: z.number() });
type Times = z.infer<typeof timesSchema>;

const isFaster = ({ before, after }: Times) => after <= PAYING * before;

/** Milliseconds in 8 bits of a model and of the same network with other activations. The weights do not matter. */
async function timeSwap(made: QuantizedModel, swapped: GraphModel, work: LayerWork): Promise<Times> {
  const file = readOnnx(swapped.onnx as Uint8Array, swapped.name);
  // Drops notes, because they describe an untrained network.
  const onEvent = (event: QuantizeEvent) => event.type === 'note' || work.onEvent(event);
  const settings = { ...work.settings, calibration: 'min-max' as const };
  const muted: LayerWork = { ...work, settings, trainer: undefined, onEvent };
  const { bench } = await openBench(swapped, file, muted);
  const { fast } = await fastLayers(bench, swapped, file, muted);
  const [before, after] = await bench.time([made.model, bench.quantized(fast)]);
  return { before: before!, after: after! };
}

/** Trains and quantizes the swapped network. Returns the reason as text if it loses too much AP50. */
async function quantizeSwapped(
  swapped: Parameters<typeof plainGraph>[0],
  reference: number,
  work: LayerWork,
): Promise<QuantizedModel | string> {
  const trained = await work.trainer!.train(swapped, `swap-${work.settings.swapActivations}`);
  const graph = await plainGraph(trained);
  const settings = { ...work.settings, maxDrop: work.settings.maxDrop ?? MUCH };
  try {
    const file = readOnnx(graph.onnx, graph.name);
    return await quantizeLayers(graph, file, { ...work, settings, reference }, trained);
  } catch (error) {
    if (error instanceof MicroYoloError && error.code === 'unsupported') return error.message;
    throw error;
  }
}

/**
 * Replaces slow activations if `swapActivations` is set: trains, quantizes and measures the network, and keeps it if it
 * is faster and its loss of AP50 is within the limit.
 * @param made the original network in 8 bits
 * @returns the better of the two
 */
export async function trySwap(made: QuantizedModel, work: LayerWork): Promise<QuantizedModel> {
  const { trainer, settings, onEvent } = work;
  const { swapActivations: to } = settings;
  if (to === undefined || !trainer) return made;
  const { model: swapped, from } = swapActivations(trainer.source, to);
  if (from.length === 0) {
    const message = `swapActivations ${to}: ${swapped.network.name} has no LeakyReLU, hard-swish, SiLU or the like; nothing is swapped`;
    onEvent({ type: 'note', message });
    return made;
  }
  const untrained = await plainGraph(swapped);
  const of = [untrained.onnx, JSON.stringify([settings.layers, settings.threads])];
  const first = await trainer.remembered(`swap-${to}`, of, timesSchema, () =>
    timeSwap(made, untrained, work),
  );
  const report = { from, to, milliseconds: first };
  const refused = (swap: Omit<SwapReport, 'kept'>) => ({ ...made, swap: { ...swap, kept: false } });
  if (!isFaster(first)) return refused({ ...report, reason: 'not faster' });
  const { float32, quantized: before } = made.AP50!;
  const other = await quantizeSwapped(swapped, float32, work);
  if (typeof other === 'string') return refused({ ...report, reason: other });
  const [old, fresh] = await made.bench!.time([made.model, other.model]);
  const milliseconds = { before: old!, after: fresh! };
  const swap = { ...report, milliseconds, AP50: { before, after: other.AP50!.quantized } };
  if (!isFaster(milliseconds)) return refused({ ...swap, reason: 'not faster' });
  return {
    ...other,
    how: `${other.how}, ${to} for ${from.join(', ')}`,
    milliseconds: { ...other.milliseconds!, float32: made.milliseconds!.float32 },
    swap: { ...swap, kept: true },
  };
}
