/// <reference path="./jsfive.d.ts" />
import { unzipSync } from 'fflate';
import { type Dataset, File, type Group } from 'jsfive';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { readWholeFile } from '../../../foundation/files/read.ts';
import type { Tensor } from '../../../graph/operations.ts';
import { executionOrder } from './configuration.ts';

/** Kind of a Keras layer, as far as its file tells. The older format does not distinguish kernels. */
export type KerasKind = 'kernel' | 'conv2d' | 'depthwise_conv2d' | 'dense' | 'norm';

export type KerasRole = 'kernel' | 'bias' | 'gamma' | 'beta' | 'moving_mean' | 'moving_variance';

export interface KerasLayer {
  readonly name: string;
  readonly kind: KerasKind;
  readonly tensors: ReadonlyMap<KerasRole, Tensor>;
}

const ROLES = {
  kernel: ['kernel', 'bias'],
  norm: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
} as const;

const isDataset = (item: Group | Dataset | undefined): item is Dataset =>
  item !== undefined && 'shape' in item;

function tensorOf({ shape, value }: Dataset): Tensor {
  return { shape, data: Float32Array.from(value) };
}

const strings = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

/** Reads Keras 2's layout, `.h5`: attributes list the layers in execution order, as `Conv1/kernel:0`. */
function readOrdered(root: Group, order: ReadonlyMap<string, number>): readonly KerasLayer[] {
  return strings(root.attrs['layer_names']).flatMap((name): readonly KerasLayer[] => {
    const group = root.get(name) as Group;
    // A nested model is a single layer here, with the weights of all its layers.
    const layers = new Map<string, Map<KerasRole, Tensor>>();
    for (const weight of strings(group.attrs['weight_names'])) {
      const [layer, variable] = weight.split('/').slice(-2) as [string, string];
      const role = variable.replace(/:0$/, '').replace(/^depthwise_/, '') as KerasRole;
      const tensors = layers.get(layer) ?? new Map();
      layers.set(layer, tensors.set(role, tensorOf(group.get(weight) as Dataset)));
    }
    const found = [...layers].map(([layer, tensors]): KerasLayer => {
      const kind = tensors.has('gamma') || tensors.has('beta') ? 'norm' : 'kernel';
      return { name: layer, kind, tensors };
    });
    // Its trainable weights come first, so they must be sorted.
    return found.sort((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0));
  });
}

/** Returns the number in a name such as `conv2d_12`. Layers of a class are numbered in execution order. */
const placeOf = (name: string) => Number(/_(\d+)$/.exec(name)?.[1] ?? 0);

/** Reads Keras 3's layout: `layers/conv2d_12/vars/0`. Nested models come before the layers that read them. */
function readCounted(group: Group, file: string): readonly KerasLayer[] {
  const layers = group.get('layers') as Group | undefined;
  const found = (layers?.keys ?? []).map((name) => ({ name, layer: layers!.get(name) as Group }));
  const inner = found.filter(({ layer }) => layer.keys.includes('layers'));
  const own = found
    .filter(({ layer }) => (layer.get('vars') as Group | undefined)?.keys.length)
    .sort((a, b) => placeOf(a.name) - placeOf(b.name))
    .map(({ name, layer }): KerasLayer => {
      const type = name.replace(/_\d+$/, '');
      const kind = (
        {
          batch_normalization: 'norm',
          conv2d: 'conv2d',
          depthwise_conv2d: 'depthwise_conv2d',
          dense: 'dense',
        } as const
      )[type];
      if (kind === undefined) {
        throw new MicroYoloError(
          'unsupported',
          `${file}: layer ${name} has weights, expected conv2d, depthwise_conv2d, dense or batch_normalization; use only these layers`,
        );
      }
      const vars = layer.get('vars') as Group;
      const roles = kind === 'norm' ? ROLES.norm : ROLES.kernel;
      const tensors = roles.flatMap((role, index): [KerasRole, Tensor][] => {
        const item = vars.keys.includes(String(index)) ? vars.get(String(index)) : undefined;
        return isDataset(item) ? [[role, tensorOf(item)]] : [];
      });
      return { name, kind, tensors: new Map(tensors) };
    });
  return [...inner.flatMap(({ layer }) => readCounted(layer, file)), ...own];
}

function openHdf5(bytes: Uint8Array, path: string): File {
  try {
    return new File(bytes.slice().buffer as ArrayBuffer);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MicroYoloError(
      'invalid-file',
      `${path}: cannot be read (${reason}); expected HDF5, as saved by Keras; save the weights again`,
      { path },
    );
  }
}

/** Extracts the weights from a `.keras` file, which is a zip. */
function unpack(bytes: Uint8Array, path: string): Uint8Array {
  const NAME = 'model.weights.h5';
  let inside: Uint8Array | undefined;
  try {
    inside = unzipSync(bytes, { filter: ({ name }) => name === NAME })[NAME];
  } catch {
    // The error is thrown below.
  }
  if (inside) return inside;
  throw new MicroYoloError(
    'invalid-file',
    `${path}: expected a zip with ${NAME} in it, as saved by Keras 3; save it again`,
    { path },
  );
}

/**
 * Reads the weights of a Keras model: `.keras`, `.weights.h5`, or Keras 2's `.h5`, complete or weights only. Layers of
 * each kind are in execution order.
 * @throws MicroYoloError if the file is missing, damaged, or contains no weights
 */
export async function readKeras(path: string): Promise<readonly KerasLayer[]> {
  const bytes = await readWholeFile(path, 'a Keras model');
  const file = openHdf5(path.toLowerCase().endsWith('.keras') ? unpack(bytes, path) : bytes, path);
  let layers: readonly KerasLayer[];
  try {
    const root = file.keys.includes('model_weights') ? (file.get('model_weights') as Group) : file;
    layers =
      'layer_names' in root.attrs
        ? readOrdered(root, executionOrder(file.attrs['model_config']))
        : readCounted(root, path);
  } catch (error) {
    if (error instanceof MicroYoloError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new MicroYoloError('invalid-file', `${path}: damaged (${reason}); save the model again`, { path });
  }
  if (layers.length > 0) return layers;
  throw new MicroYoloError(
    'invalid-file',
    `${path}: contains no layer weights; save a Keras model's weights`,
    { path },
  );
}
