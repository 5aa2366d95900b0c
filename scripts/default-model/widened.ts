import type { Model } from '../../src/api/index.ts';
import type { Tensor } from '../../src/graph/operations.ts';
import { initializeWeights } from '../../src/models/initialize.ts';
import type { Network } from '../../src/network/layers.ts';
import { momentsOf } from './norm-statistics.ts';
import { STAGES, stagePlaces } from './yolox-nano.ts';

/** Number of values per unit of a parameter: for [out, in, rows, columns], all but `out`; for a vector, 1. */
const unitSize = ({ shape }: Tensor) => shape.slice(1).reduce((a, b) => a * b, 1);

/** Overwrites units of a tensor with those of another, starting at a unit. */
function put(into: Tensor, from: Tensor, unit = 0): void {
  const [size, ownSize] = [unitSize(from), unitSize(into)];
  for (let i = 0; i < from.shape[0]!; i++)
    into.data.set(from.data.subarray(i * size, (i + 1) * size), (unit + i) * ownSize);
}

const NORM_PARTS = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/**
 * Weights with which `micro-yolox` computes what YOLOX-Nano does: Net2Net's wider network,
 * https://arxiv.org/abs/1511.05641. Both halves of a cross-stage partial block lie side by side in one map, and MBConv
 * add to the first half what the bottlenecks add. Channels that the teacher lacks start with random kernels, and
 * nothing reads them yet, or their norm is closed.
 * @param images of the kind that it will be trained on: norms of new channels start with their statistics
 */
export async function widened(teacher: Model, network: Network, images: readonly string[]): Promise<Model> {
  const weights = new Map(initializeWeights(network, 1));
  const given = (name: string) => teacher.weights.get(name)!;
  for (const [name, { shape }] of weights) {
    const own = teacher.weights.get(name);
    if (own?.shape.join() === shape.join()) weights.set(name, { ...own, data: own.data.slice() });
  }
  const clear = (name: string) => weights.get(name)!.data.fill(0);
  /** The teacher's units, by layer. */
  const known = new Map<string, Set<number>>();
  /** A convolution and its norm, starting at a unit. */
  const copy = (layer: string, source: string, unit = 0) => {
    put(weights.get(`${layer}.conv.weight`)!, given(`${source}.conv.weight`), unit);
    for (const part of NORM_PARTS)
      put(weights.get(`${layer}.norm.${part}`)!, given(`${source}.norm.${part}`), unit);
    const units = known.get(layer) ?? new Set();
    for (let i = 0; i < given(`${source}.norm.bias`).shape[0]!; i++) units.add(unit + i);
    known.set(layer, units);
  };
  /** Makes units return 0, whatever their kernels are. */
  const close = (layer: string) => clear(`${layer}.norm.weight`);
  const fresh: string[] = [];

  STAGES.forEach(({ out, bottlenecks }, index) => {
    const { name, both, blocks, end } = stagePlaces(index);
    const half = out / 2;
    // The last stage adds nothing to the first half: a third half takes the output of its bottleneck.
    const isLast = index === STAGES.length - 1;
    const target = isLast ? out : 0;
    close(both);
    copy(both, `${name}.main`);
    copy(both, `${name}.beside`, half);
    for (let i = 0; i < bottlenecks; i++) {
      const [block, source] = [`${blocks}.${i}`, `${name}.bottleneck${i}`];
      // The teacher's units read only the first half, and only they are read from the wide map.
      const expand = weights.get(`${block}.expand.conv.weight`)!;
      expand.data.fill(0, 0, half * unitSize(expand));
      copy(`${block}.expand`, `${source}.reduce`);
      copy(`${block}.depthwise`, `${source}.spatial.depthwise`);
      const reduce = weights.get(`${block}.reduce.conv.weight`)!;
      reduce.data.fill(0, target * unitSize(reduce), (target + half) * unitSize(reduce));
      close(`${block}.reduce`);
      copy(`${block}.reduce`, `${source}.spatial.pointwise`, target);
      fresh.push(...['expand', 'depthwise', 'reduce'].map((part) => `${block}.${part}`));
    }
    fresh.push(both);
    if (!isLast) return;
    const { shape, data } = given(`${end}.conv.weight`);
    const rows = shape[0]!;
    const read = weights.get(`${end}.conv.weight`)!;
    clear(`${end}.conv.weight`);
    for (let i = 0; i < rows; i++) {
      read.data.set(data.subarray(i * out, i * out + half), i * 3 * half + out);
      read.data.set(data.subarray(i * out + half, (i + 1) * out), i * 3 * half + half);
    }
    for (const part of NORM_PARTS) put(weights.get(`${end}.norm.${part}`)!, given(`${end}.norm.${part}`));
  });
  const provenance = { ...teacher.provenance, changes: 'widened to micro-yolox' };
  const model: Model = { ...teacher, network, weights, provenance };
  const moments = await momentsOf(
    model,
    fresh.map((name) => `${name}.conv`),
    images,
  );
  for (const layer of fresh) {
    const { mean, variance } = moments.of(`${layer}.conv`);
    const [means, variances] = ['running_mean', 'running_var'].map(
      (part) => weights.get(`${layer}.norm.${part}`)!.data,
    );
    for (let unit = 0; unit < mean.length; unit++) {
      if (known.get(layer)?.has(unit)) continue;
      means![unit] = mean[unit]!;
      variances![unit] = variance[unit]!;
    }
  }
  return model;
}
