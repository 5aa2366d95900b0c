import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { Tensor, Tensors } from '../../../graph/operations.ts';
import type { Layer, Network } from '../../../network/layers.ts';
import { layerParameters } from '../../../network/parameters.ts';
import { inferShapes } from '../../../network/shapes.ts';
import type { KerasKind, KerasLayer, KerasRole } from './read.ts';

/** Keras's name of each of our parameters. */
const ROLE_OF = {
  conv: { weight: 'kernel', bias: 'bias' },
  dense: { weight: 'kernel', bias: 'bias' },
  batchNorm: {
    weight: 'gamma',
    bias: 'beta',
    running_mean: 'moving_mean',
    running_var: 'moving_variance',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, KerasRole>>>>;

/** Keras layer kinds that a layer may correspond to, the most likely first. */
function kindsOf(layer: Layer): readonly KerasKind[] {
  switch (layer.type) {
    case 'conv':
      return layer.groups > 1 ? ['depthwise_conv2d', 'kernel'] : ['conv2d', 'kernel'];
    // Keras models may have a 1×1 convolution of a single pixel instead of a dense layer.
    case 'dense':
      return ['dense', 'conv2d', 'kernel'];
    case 'batchNorm':
      return ['norm'];
    default:
      return [];
  }
}

/**
 * Converts a kernel to our axis order. Undefined if it does not fit. The conversions are [k, k, in, out] → [out, in, k,
 * k], depthwise [k, k, c, 1] → [c, 1, k, k], and dense [in, out] → [out, in].
 */
function ourKernel({ shape, data }: Tensor, wanted: readonly number[]): Tensor | undefined {
  const [rows, columns, inputs, outputs] = (
    shape.length === 2 ? [1, 1, ...shape] : shape
  ) as readonly number[];
  const isDepthwise = wanted.length === 4 && wanted[1] === 1 && outputs === 1;
  const turned = isDepthwise ? [inputs, 1, rows, columns] : [outputs, inputs, rows, columns];
  const given = wanted.length === 2 ? turned.slice(0, rows === 1 && columns === 1 ? 2 : 4) : turned;
  if (given.join() !== wanted.join()) return undefined;
  const result = new Float32Array(data.length);
  let from = 0;
  for (let y = 0; y < rows!; y++) {
    for (let x = 0; x < columns!; x++) {
      for (let i = 0; i < inputs!; i++) {
        for (let o = 0; o < outputs!; o++) {
          const plane = isDepthwise ? i : o * inputs! + i;
          result[(plane * rows! + y) * columns! + x] = data[from++]!;
        }
      }
    }
  }
  return { shape: wanted, data: result };
}

/**
 * Converts the weights of a Keras classifier to those of the same network in this library, built with
 * `conventions=keras`.
 * @throws MicroYoloError `invalid-file` if they belong to another network
 */
export function fromKeras(network: Network, layers: readonly KerasLayer[]): Tensors {
  const shapes = inferShapes(network);
  const left = [...layers];
  const isOther = (problem: string) =>
    new MicroYoloError(
      'invalid-file',
      `${problem}; choose the network of the same kind, width and number of classes`,
    );
  const tensors = new Map<string, Tensor>();
  for (const layer of network.layers) {
    const kinds = kindsOf(layer);
    if (kinds.length === 0 || !(layer.type in ROLE_OF)) continue;
    const kind = kinds.find((wanted) => left.some((other) => other.kind === wanted));
    const at = left.findIndex((other) => other.kind === kind);
    if (at < 0) throw isOther(`nothing for ${layer.name} of ${network.name}`);
    const [source] = left.splice(at, 1) as [KerasLayer];
    const roles: Readonly<Record<string, KerasRole>> = ROLE_OF[layer.type as keyof typeof ROLE_OF];
    for (const { name, shape } of layerParameters(layer, shapes.get(layer.inputs[0]!)!)) {
      const role = roles[name.split('.').at(-1)!]!;
      const given = source.tensors.get(role);
      const tensor = given && (role === 'kernel' ? ourKernel(given, shape) : given);
      if (!given || !tensor || tensor.shape.join() !== shape.join()) {
        const what = given ? `${role} of ${given.shape.join('×')}` : `no ${role}`;
        throw isOther(`layer ${source.name} has ${what}, ${network.name} has ${name} of ${shape.join('×')}`);
      }
      tensors.set(name, tensor);
    }
    const taken = layerParameters(layer, shapes.get(layer.inputs[0]!)!).length;
    if (source.tensors.size > taken) {
      throw isOther(
        `layer ${source.name} has ${[...source.tensors.keys()].join(', ')}, ${layer.name} of ${network.name} expects ${taken}`,
      );
    }
  }
  if (left.length > 0) throw isOther(`${left.length} layers are left over, the first ${left[0]!.name}`);
  return tensors;
}
