import { readFile } from 'node:fs/promises';
import { loadDetector, type Model } from '../../src/api/index.ts';
import { readOnnx } from '../../src/executors/onnx/read.ts';
import { tensorFloats } from '../../src/executors/onnx/tensor-data.ts';
import type { Tensor, Tensors } from '../../src/graph/operations.ts';
import { DEFAULT_RECIPE } from '../../src/models/model.ts';
import { convBlock } from '../../src/network/blocks/conv-block.ts';
import { dsconv } from '../../src/network/blocks/dsconv.ts';
import { NetworkBuilder } from '../../src/network/builder.ts';
import { appendHead } from '../../src/network/heads/head.ts';
import { type BatchNormLayer, type ConvLayer, INPUT, type Network } from '../../src/network/layers.ts';
import { networkParameters } from '../../src/network/parameters.ts';

/** Channels at strides 2, 4, 8, 16 and 32 of YOLOX-Nano, and the bottlenecks of its stages. */
const STAGES = [
  { out: 32, bottlenecks: 1 },
  { out: 64, bottlenecks: 3 },
  { out: 128, bottlenecks: 3 },
  { out: 256, bottlenecks: 1 },
] as const;
const STEM = 16;

/**
 * YOLOX-Nano in this library's layers, https://arxiv.org/abs/2107.08430. Its focus and the convolution after it are
 * one convolution of 6×6.
 * @returns its convolutions' names in the order of the published file too
 */
export function yoloxNano(size: number): {
  readonly network: Network;
  readonly published: readonly string[];
} {
  const builder = new NetworkBuilder([3, size, size]);
  const published: string[] = [];
  const activation = 'silu' as const;
  const pointwise = (name: string, input: string, outChannels: number) => {
    published.push(`${name}.conv`);
    return convBlock(builder, name, input, { outChannels, kernel: 1, activation });
  };
  const separable = (name: string, input: string, outChannels: number, stride = 1) => {
    published.push(`${name}.depthwise.conv`, `${name}.pointwise.conv`);
    return dsconv(builder, name, input, { outChannels, kernel: 3, stride, activation });
  };
  published.push('backbone.stem.conv');
  const stem = builder.conv('backbone.stem.conv', INPUT, {
    ...{ outChannels: STEM, kernel: 6, stride: 2, padding: [2, 2, 2, 2] },
  });
  let last = builder.activation(
    'backbone.stem.act',
    builder.batchNorm('backbone.stem.norm', stem),
    activation,
  );
  const taps = STAGES.map(({ out, bottlenecks }, index) => {
    const name = `backbone.${index}`;
    const isLast = index === STAGES.length - 1;
    last = separable(`${name}.down`, last, out, 2);
    if (isLast) {
      // Spatial pyramid pooling, https://arxiv.org/abs/1406.4729.
      const reduced = pointwise(`${name}.pool.reduce`, last, out / 2);
      const pools = [5, 9, 13].map((kernel) => {
        const side = (kernel - 1) / 2;
        const padding = [side, side, side, side] as const;
        return builder.maxPool(`${name}.pool.${kernel}`, reduced, { kernel, stride: 1, padding });
      });
      last = pointwise(`${name}.pool.out`, builder.concat(`${name}.pool.join`, [reduced, ...pools]), out);
    }
    const hidden = out / 2;
    let main = pointwise(`${name}.main`, last, hidden);
    const beside = pointwise(`${name}.beside`, last, hidden);
    for (let i = 0; i < bottlenecks; i++) {
      const spatial = separable(
        `${name}.${i}.spatial`,
        pointwise(`${name}.${i}.reduce`, main, hidden),
        hidden,
      );
      main = isLast ? spatial : builder.sum(`${name}.${i}.sum`, [spatial, main]);
    }
    last = pointwise(`${name}.out`, builder.concat(`${name}.both`, [main, beside]), out);
    return { name: last, channels: out, stride: 4 * 2 ** index };
  });
  appendHead(builder, { taps, last }, { head: 'yolox' }, { activation });
  const blocks = (name: string) => [
    `${name}.main.conv`,
    `${name}.beside.conv`,
    `${name}.bottleneck.reduce.conv`,
    `${name}.bottleneck.spatial.depthwise.conv`,
    `${name}.bottleneck.spatial.pointwise.conv`,
    `${name}.out.conv`,
  ];
  const pair = (name: string) => [`${name}.depthwise.conv`, `${name}.pointwise.conv`];
  published.push(
    'head.deep.lateral.conv',
    ...blocks('head.middle.topDown'),
    'head.middle.reduce.conv',
    ...blocks('head.shallow.topDown'),
    ...pair('head.middle.downsample'),
    ...blocks('head.middle.bottomUp'),
    ...pair('head.deep.downsample'),
    ...blocks('head.deep.bottomUp'),
  );
  for (const scale of ['shallow', 'middle', 'deep']) {
    const branch = (name: string) => [0, 1].flatMap((index) => pair(`head.${scale}.${name}.${index}`));
    published.push(`head.${scale}.stem.conv`, ...branch('class'), CLASSES, ...branch('box'), BOX, OBJECT);
  }
  return { network: builder.build('yolox-nano'), published };
}

const [CLASSES, BOX, OBJECT] = ['classes', 'box', 'objectness'];

interface Convolution {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

/** A file's convolutions, in its order. */
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

/** The kernel of 6×6 on red, green, blue of 0–1 for one of 3×3 on what focus makes of blue, green, red of 0–255. */
function withoutFocus({ shape, data }: Tensor): Tensor {
  const [out] = shape as [number];
  const kernel = new Float32Array(out * 3 * 36);
  // Of the four pixels that a focus takes apart: row and column.
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

/** One convolution of both branches' maps, the box's first: box, objectness, classes. */
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

/** The mean and the variance of each channel of maps, over images and cells. */
class Moments {
  readonly #sums = new Map<string, { count: number; sum: Float64Array; squares: Float64Array }>();

  add(
    name: string,
    { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  ) {
    const [, channels, rows, columns] = shape as [number, number, number, number];
    const area = rows * columns;
    const sums = this.#sums.get(name) ?? {
      count: 0,
      sum: new Float64Array(channels),
      squares: new Float64Array(channels),
    };
    this.#sums.set(name, sums);
    sums.count += area;
    for (let i = 0; i < channels * area; i++) {
      const channel = Math.floor(i / area);
      sums.sum[channel]! += data[i]!;
      sums.squares[channel]! += data[i]! ** 2;
    }
  }

  of(name: string) {
    const { count, sum, squares } = this.#sums.get(name)!;
    const mean = sum.map((each) => each / count);
    return { mean, variance: squares.map((each, i) => Math.max(0, each / count - mean[i]! ** 2)) };
  }
}

/**
 * Reads a published YOLOX-Nano file into this library's layers. The file has no norms any more; they come back with the
 * statistics that the images give, so that its weights can be trained on.
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
    throw new Error(`${path}: ${file.length} convolutions, expected ${published.length}`);
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
    found.set(`head.${scale}.logits`, joined(parts.get(BOX!)!, parts.get(OBJECT!)!, parts.get(CLASSES!)!));

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
      throw new Error(`${path}: ${name} is [${given?.shape}], expected [${shape}]`);
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
  return model;
}

/** Sets norms to what they see in images, without a change of what the network computes. */
async function giveStatistics(
  { network, weights, ...rest }: Model,
  norms: ReadonlyMap<string, BatchNormLayer>,
  images: readonly string[],
): Promise<void> {
  const features = [...norms.values()].map(({ name }) => name);
  await using detector = await loadDetector({ network, weights, ...rest }, { features, threads: 1 });
  const moments = new Moments();
  for (const image of images) {
    const { features: maps = {} } = await detector.inspect(image, {});
    for (const [name, map] of Object.entries(maps)) moments.add(name, map);
  }
  for (const { name, epsilon } of norms.values()) {
    const { mean, variance } = moments.of(name);
    const bias = weights.get(`${name}.bias`)!.data;
    const set = (part: string, values: (i: number) => number) => {
      const { data } = weights.get(`${name}.${part}`)!;
      data.set(Float32Array.from(data, (_, i) => values(i)));
    };
    // Of what the convolution gives: the norm has added its bias, and multiplied by 1.
    set('running_mean', (i) => mean[i]! - bias[i]!);
    set('running_var', (i) => variance[i]!);
    set('weight', (i) => Math.sqrt(variance[i]! + epsilon));
    set('bias', (i) => mean[i]!);
  }
}
