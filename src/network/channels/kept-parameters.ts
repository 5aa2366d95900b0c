import { elementCount } from '../../foundation/element-count.ts';
import type { FeatureShape, Layer, Network } from '../layers.ts';
import { layerParameters } from '../parameters.ts';
import { inferShapes } from '../shapes.ts';

/** A tensor in row-major order. */
export interface ParameterTensor {
  /** Size of each axis, outputs first. */
  readonly shape: readonly number[];
  /** Values in row-major order. */
  readonly data: Float32Array;
}

type Kept = ReadonlyMap<string, readonly number[]>;

/** Indices that are kept along a parameter's first axis, and along its second axis if it has one. */
interface KeptAxes {
  readonly rows: readonly number[];
  readonly columns?: readonly number[] | undefined;
}

/** Returns what is kept of each parameter of a layer. */
function keptAxes(layer: Layer, kept: Kept, [channels, height, width]: FeatureShape): KeptAxes {
  const rows = kept.get(layer.name)!;
  const inputs = kept.get(layer.inputs[0]!)!;
  switch (layer.type) {
    case 'conv': {
      // With one channel per group, all of its input stays. With several, all groups lose the same positions.
      const size = channels / layer.groups;
      return { rows, columns: size === 1 ? [0] : inputs.filter((channel) => channel < size) };
    }
    case 'dense': {
      const area = height * width;
      return {
        rows,
        columns: inputs.flatMap((channel) => Array.from({ length: area }, (_, i) => channel * area + i)),
      };
    }
    case 'batchNorm':
    case 'activation':
    case 'maxPool':
    case 'avgPool':
    case 'globalAvgPool':
    case 'upsample':
    case 'concat':
    case 'slice':
    case 'shuffle':
    case 'add':
    case 'multiply':
    case 'dropout':
    case 'yolo':
    case 'region':
    case 'classes':
      return { rows };
  }
}

function select<T extends ParameterTensor>(tensor: T, { rows, columns }: KeptAxes): T {
  const [, second = 1, ...rest] = tensor.shape;
  const inner = elementCount(rest);
  const places = tensor.shape.length > 1 && columns ? columns : Array.from({ length: second }, (_, i) => i);
  const data = new Float32Array(rows.length * places.length * inner);
  let at = 0;
  for (const row of rows) {
    for (const column of places) {
      const from = (row * second + column) * inner;
      data.set(tensor.data.subarray(from, from + inner), at);
      at += inner;
    }
  }
  const shape = tensor.shape.length > 1 ? [rows.length, places.length, ...rest] : [rows.length];
  return { ...tensor, shape, data };
}

/** Returns the kept parts of a network's tensors, which are named as its parameters or with a prefix `KIND/`. */
export function keptParameters<T extends ParameterTensor>(
  network: Network,
  kept: Kept,
  tensors: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  const shapes = inferShapes(network);
  const axes = new Map<string, KeptAxes>();
  for (const layer of network.layers) {
    const input = shapes.get(layer.inputs[0]!)!;
    for (const { name } of layerParameters(layer, input)) axes.set(name, keptAxes(layer, kept, input));
  }
  return new Map(
    [...tensors].map(([name, tensor]): [string, T] => {
      const own = axes.get(name) ?? axes.get(name.slice(name.indexOf('/') + 1));
      return [name, own ? select(tensor, own) : tensor];
    }),
  );
}
