import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Tensors } from '../../graph/operations.ts';
import { removeChannels } from '../../network/channels/remove.ts';
import type { ConvLayer, DenseLayer, Layer, Network } from '../../network/layers.ts';
import { inferShapes } from '../../network/shapes.ts';
import { METHODS } from '../../options/decompose.ts';
import { factorLayers, factorNames, withLayers } from '../low-rank/factor-layers.ts';
import { outputScale } from '../low-rank/output-scale.ts';
import { splitter } from '../low-rank/splitters.ts';
import type { ImportanceOptions } from '../prune/importance.ts';
import { narrow, type Prunable, type Width, widths } from '../prune/thin-model.ts';
import { croppedLayer, croppedWeight } from './crop-kernel.ts';

/** One change that may make a network faster. */
export const moveSchema = z.discriminatedUnion('kind', [
  /** Narrows a group of channels, named after the first layer that produces them. */
  z.strictObject({
    kind: z.literal('width'),
    group: z.string(),
    from: z.number().int(),
    to: z.number().int(),
  }),
  /** Crops a kernel's outermost ring. */
  z.strictObject({
    kind: z.literal('kernel'),
    layer: z.string(),
    from: z.number().int(),
    to: z.number().int(),
  }),
  /** Replaces a kernel by a product of smaller ones. */
  z.strictObject({
    kind: z.literal('rank'),
    layer: z.string(),
    method: z.enum(METHODS),
    ranks: z.array(z.number().int()),
  }),
]);

export type Move = z.infer<typeof moveSchema>;

/** Returns the part that a move changes. Moves of the same part exclude each other. */
export function placeOf(move: Move): string {
  return move.kind === 'width' ? `width ${move.group}` : `${move.kind} ${move.layer}`;
}

/** Returns the group that a move narrows, or undefined if it is already narrower. */
function widthOf(
  network: Network,
  { group, to }: Extract<Move, { readonly kind: 'width' }>,
): Width | undefined {
  return widths(network).find(({ group: { name }, channels }) => name === group && channels > to);
}

function squareConvolution({ layers }: Network, name: string): ConvLayer | undefined {
  const layer = layers.find((candidate) => candidate.name === name);
  return layer?.type === 'conv' && typeof layer.kernel === 'number' ? layer : undefined;
}

function splitLayer({ layers }: Network, name: string): ConvLayer | DenseLayer | undefined {
  const layer = layers.find((candidate) => candidate.name === name);
  if (layer?.type === 'dense') return layer;
  return layer?.type === 'conv' && typeof layer.kernel === 'number' ? layer : undefined;
}

/** Returns a network after a move, or undefined if earlier moves left nothing to change. */
export function movedNetwork(network: Network, move: Move): Network | undefined {
  switch (move.kind) {
    case 'width': {
      const width = widthOf(network, move);
      if (!width) return undefined;
      // The time does not depend on which channels are removed.
      const stay = Math.max(1, Math.floor(move.to / width.perUnit));
      return removeChannels(
        network,
        width.group.units.slice(stay).map((unit) => unit[0]!),
      ).network;
    }
    case 'kernel': {
      const layer = squareConvolution(network, move.layer);
      if (!layer || Number(layer.kernel) <= move.to) return undefined;
      return withLayers(network, layer.name, [croppedLayer(layer, move.to)]);
    }
    case 'rank': {
      const layer = splitLayer(network, move.layer);
      if (!layer) return undefined;
      const named = factorNames(network, layer.name);
      return withLayers(network, layer.name, factorLayers(layer, move.method, move.ranks, named));
    }
  }
}

/** Returns a model with one layer, and its weights, replaced by others. */
function replaced<Model extends Prunable>(
  model: Model,
  layer: string,
  layers: readonly Layer[],
  weights: Tensors,
): Model {
  return {
    ...model,
    network: withLayers(model.network, layer, layers),
    weights: new Map([...model.weights, ...weights]),
  };
}

/** Returns a model after a move, or undefined if earlier moves left nothing to change. */
export function movedModel<Model extends Prunable>(
  model: Model,
  move: Move,
  importance: ImportanceOptions,
): Model | undefined {
  const { network, weights } = model;
  switch (move.kind) {
    case 'width': {
      const width = widthOf(network, move);
      return width && narrow(model, width, move.to, importance);
    }
    case 'kernel': {
      const layer = squareConvolution(network, move.layer);
      if (!layer || Number(layer.kernel) <= move.to) return undefined;
      const name = `${layer.name}.weight`;
      const weight = croppedWeight(weights.get(name)!, move.to);
      return replaced(model, layer.name, [croppedLayer(layer, move.to)], new Map([[name, weight]]));
    }
    case 'rank': {
      const layer = splitLayer(network, move.layer);
      if (!layer) return undefined;
      const split = {
        layer,
        input: inferShapes(network).get(layer.inputs[0]!)!,
        weight: weights.get(`${layer.name}.weight`)!,
        outputScale: outputScale(model, layer.name),
      };
      const factors = splitter(move.method, split).factors(move.ranks, factorNames(network, layer.name));
      return replaced(model, layer.name, factors.layers, factors.weights);
    }
  }
}

/** Name of a training. An interrupted training only continues for the same changes. */
export function trialName(step: number, moves: readonly Move[]): string {
  const digest = createHash('sha256').update(JSON.stringify(moves)).digest('hex').slice(0, 8);
  return `${String(step).padStart(3, '0')}-${digest}`;
}
