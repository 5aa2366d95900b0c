import { readFile } from 'node:fs/promises';
import { MicroYoloError, type Model } from '../../src/api/index.ts';
import { readOnnx } from '../../src/executors/onnx/read.ts';
import { tensorFloats } from '../../src/executors/onnx/tensor-data.ts';
import type { Tensor, Tensors } from '../../src/graph/operations.ts';
import { DEFAULT_RECIPE } from '../../src/models/model.ts';
import type { BatchNormLayer, ConvLayer } from '../../src/network/layers.ts';
import { networkParameters } from '../../src/network/parameters.ts';
import { evenKernels, giveStatistics } from './norm-statistics.ts';
import { BOX, CLASSES, OBJECT, yoloxNano } from './yolox-nano.ts';

interface Convolution {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/** A file's convolutions, in file order. */
function convolutions(file: ReturnType<typeof readOnnx>): readonly Convolution[] {
  const tensors = new Map(
    file.proto.graph.initializer.map((tensor) => [
      tensor.name,
      () => ({ shape: tensor.dims.map(Number), data: tensorFloats(tensor) }),
    ]),
  );
  return file.proto.graph.node
    .filter(({ opType }) => opType === 'Conv')
    .map(({ input }) => ({ weight: tensors.get(input[1]!)!(), bias: tensors.get(input[2]!)!() }));
}

/** Converts a 3×3 kernel on the focus output of blue, green, red in 0–255 to a 6×6 kernel on red, green, blue in 0–1. */
function withoutFocus({ shape, data }: Tensor): Tensor {
  const [out] = shape as [number];
  const kernel = new Float32Array(out * 3 * 36);
  // Row and column in the four pixels that a focus splits.
  const pixels = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ] as const;
  for (let o = 0; o < out; o++) {
    pixels.forEach(([row, column], pixel) => {
      for (let color = 0; color < 3; color++) {
        for (let i = 0; i < 9; i++) {
          const [y, x] = [2 * Math.floor(i / 3) + row, 2 * (i % 3) + column];
          kernel[(o * 3 + 2 - color) * 36 + y * 6 + x] = 255 * data[(o * 12 + pixel * 3 + color) * 9 + i]!;
        }
      }
    });
  }
  return { shape: [out, 3, 6, 6], data: kernel };
}

/** One convolution on the concatenated maps of both branches, the box's first: box, objectness, classes. */
function joined(box: Convolution, objectness: Convolution, classes: Convolution): Convolution {
  const width = box.weight.shape[1]!;
  const rows = [box, objectness, classes].map(({ weight }) => weight.shape[0]!);
  const out = rows.reduce((a, b) => a + b);
  const data = new Float32Array(out * 2 * width);
  let row = 0;
  for (const [part, start] of [
    [box, 0],
    [objectness, 0],
    [classes, width],
  ] as const) {
    for (let i = 0; i < part.weight.shape[0]!; i++, row++) {
      data.set(part.weight.data.subarray(i * width, (i + 1) * width), row * 2 * width + start);
    }
  }
  const bias = [box, objectness, classes].flatMap(({ bias }) => [...bias.data]);
  return {
    weight: { shape: [out, 2 * width, 1, 1], data },
    bias: { shape: [out], data: Float32Array.from(bias) },
  };
}

/**
 * Converts a published YOLOX-Nano file to this library's layers. The file's norms are folded; they are restored with the
 * statistics of the images, so that its weights can be trained.
 * @param path of yolox_nano.onnx
 * @param images of the kind that it will be trained on
 */
export async function readYoloxNano(
  path: string,
  {
    classes,
    images,
    size,
  }: { readonly classes: readonly string[]; readonly images: readonly string[]; readonly size: number },
): Promise<Model> {
  const { network, published } = yoloxNano(size);
  const layers = new Map(network.layers.map((layer) => [layer.name, layer]));
  const file = convolutions(readOnnx(await readFile(path), path));
  if (file.length !== published.length)
    throw new MicroYoloError(
      'invalid-file',
      `${path}: ${file.length} convolutions, expected ${published.length}`,
    );
  const found = new Map<string, Convolution>();
  const heads = ['shallow', 'middle', 'deep'].map((scale) => ({
    scale,
    parts: new Map<string, Convolution>(),
  }));
  let head = 0;
  published.forEach((name, index) => {
    const convolution = file[index]!;
    if (name !== CLASSES && name !== BOX && name !== OBJECT) {
      const weight = index === 0 ? withoutFocus(convolution.weight) : convolution.weight;
      found.set(name, { ...convolution, weight });
      return;
    }
    const { parts } = heads[head]!;
    parts.set(name, convolution);
    if (parts.size === 3) head++;
  });
  for (const { scale, parts } of heads)
    found.set(`head.${scale}.logits`, joined(parts.get(BOX)!, parts.get(OBJECT)!, parts.get(CLASSES)!));

  const weights = new Map<string, Tensor>();
  const norms = new Map<string, BatchNormLayer>();
  for (const layer of network.layers) if (layer.type === 'batchNorm') norms.set(layer.inputs[0]!, layer);
  const constant = (length: number, value: number): Tensor => ({
    shape: [length],
    data: new Float32Array(length).fill(value),
  });
  for (const [name, { weight, bias }] of found) {
    const { outChannels } = layers.get(name) as ConvLayer;
    weights.set(`${name}.weight`, weight);
    const norm = norms.get(name);
    if (!norm) {
      weights.set(`${name}.bias`, bias);
      continue;
    }
    weights.set(`${norm.name}.weight`, constant(outChannels, 1));
    weights.set(`${norm.name}.bias`, bias);
    weights.set(`${norm.name}.running_mean`, constant(outChannels, 0));
    weights.set(`${norm.name}.running_var`, constant(outChannels, 1 - norm.epsilon));
  }
  for (const { name, shape } of networkParameters(network)) {
    const given = weights.get(name);
    if (given?.shape.join() !== shape.join())
      throw new MicroYoloError('invalid-file', `${path}: ${name} is [${given?.shape}], expected [${shape}]`);
  }
  const model: Model = {
    network,
    weights: weights as Tensors,
    classes,
    recipe: { ...DEFAULT_RECIPE, resampling: 'bilinear' },
    provenance: {
      source: 'YOLOX-Nano, https://github.com/Megvii-BaseDetection/YOLOX',
      license: 'Apache-2.0',
    },
  };
  await giveStatistics(model, norms, images);
  evenKernels(weights, norms);
  return model;
}
