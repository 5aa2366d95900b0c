import * as z from 'zod';
import { type LayerTime, timeLayers } from '../../compression/quantize/layer-times.ts';
import { graphShapes } from '../../detection/foreign/graph-shapes.ts';
import type { OnnxFile } from '../../executors/onnx/read.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { type ChosenLayers, chooseLayers } from './choose-layers.ts';
import type { LayerWork } from './layer-work.ts';
import type { Workbench } from './workbench.ts';

/** Milliseconds of a network in both forms. */
const timesSchema = z.strictObject({ float32: z.number(), int8: z.number() });

/** A stored choice, with layers by their outputs. */
const choiceSchema = z.strictObject({
  layers: z.array(z.string()),
  between: z.boolean(),
  milliseconds: timesSchema,
});

/** Layers that are fast in 8 bits, and the times of all candidates. */
export interface FastLayers {
  readonly fast: ChosenLayers;
  /** By the layers' outputs. */
  readonly times: ReadonlyMap<string, LayerTime>;
}

/**
 * Times layers and networks, and chooses the layers to quantize. With a trainer, the choice is stored and reused.
 * @param model model of the bench's graph
 */
export async function fastLayers(
  bench: Workbench,
  model: GraphModel,
  file: OnnxFile,
  { settings, trainer, onEvent }: LayerWork,
): Promise<FastLayers> {
  const { threads, layers } = settings;
  const { bits } = bench;
  const shapes = await graphShapes(model, file);
  onEvent({ type: 'started', stage: 'timing layers', steps: bench.able.length });
  const onLayer = () => onEvent({ type: 'step' });
  const times = await timeLayers(bench.proto, bench.view, bench.able, shapes, { bits, threads, onLayer });
  const choose = () => chooseLayers(bench, layers === 'all' ? new Map() : times);
  if (!trainer) return { fast: await choose(), times };
  const of = [model.onnx as Uint8Array, JSON.stringify([bits, layers, threads])];
  const found = await trainer.remembered('layers', of, choiceSchema, async () => {
    const { convolutions, ...rest } = await choose();
    return { ...rest, layers: convolutions.map(({ output }) => output) };
  });
  const chosen = new Set(found.layers);
  const convolutions = bench.able.filter(({ output }) => chosen.has(output));
  return { fast: { convolutions, between: found.between, milliseconds: found.milliseconds }, times };
}
