import { type LayerCost, networkCost } from './cost.ts';
import { kernelSides, type Layer, type Network } from './layers.ts';
import { inferShapes } from './shapes.ts';

/** ShuffleNetV2's guidelines for fast networks, https://arxiv.org/abs/1807.11164. */
export type Guideline =
  | 'equal widths'
  | 'few groups'
  | 'little fragmentation'
  | 'few element-wise operations';

/** Whether a network follows a guideline. */
export interface GuidelineVerdict {
  /** The guideline. */
  readonly guideline: Guideline;
  /** Whether the network follows it. */
  readonly isKept: boolean;
  /** Description of the measurement, with its number. */
  readonly finding: string;
  /** Layers that break it, worst first. Empty if the guideline is followed. */
  readonly layers: readonly string[];
}

interface Measured extends LayerCost {
  readonly inChannels: number;
}

const isDepthwise = ({ layer, inChannels }: Measured) =>
  layer.type === 'conv' && layer.groups > 1 && layer.groups === inChannels;

/** Excludes 1×1 maps, on which gates and classifiers work. */
const isPointwise = ({ layer, shape }: Measured) =>
  layer.type === 'conv' && layer.kernel === 1 && shape[1] * shape[2] > 1;

const longestSide = ({ layer }: Measured) =>
  layer.type === 'conv' ? Math.max(...kernelSides(layer.kernel)) : 0;

const names = (layers: readonly Measured[]) => layers.map(({ layer }) => layer.name);
const sum = (layers: readonly Measured[], of: (layer: Measured) => number) =>
  layers.reduce((total, layer) => total + of(layer), 0);
const access = ({ memoryAccess }: Measured) => memoryAccess;
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** Maximum memory access of the 1×1 convolutions, relative to the minimum at equal multiply-accumulates. */
const WIDTHS_LIMIT = 1.1;

/**
 * Returns the minimum memory access of a 1×1 convolution with the same multiply-accumulates, which has equal input and
 * output channels.
 */
function leastAccess({ layer, shape, inChannels }: Measured): number {
  const [outChannels, height, width] = shape;
  const groups = layer.type === 'conv' ? layer.groups : 1;
  const weights = (inChannels * outChannels) / groups;
  return 2 * height * width * Math.sqrt(inChannels * outChannels) + weights;
}

function equalWidths(layers: readonly Measured[]): GuidelineVerdict {
  const pointwise = layers.filter(isPointwise);
  const ratio = pointwise.length ? sum(pointwise, access) / sum(pointwise, leastAccess) : 1;
  const isKept = ratio <= WIDTHS_LIMIT;
  const excess = (layer: Measured) => access(layer) - leastAccess(layer);
  const worst = pointwise
    .filter((layer) => access(layer) > WIDTHS_LIMIT * leastAccess(layer))
    .sort((a, b) => excess(b) - excess(a));
  return {
    guideline: 'equal widths',
    isKept,
    finding: `1×1 convolutions move ${ratio.toFixed(2)} times the data of ones with equal input and output channels`,
    layers: isKept ? [] : names(worst),
  };
}

function fewGroups(layers: readonly Measured[]): GuidelineVerdict {
  const grouped = layers.filter(
    (each) => each.layer.type === 'conv' && each.layer.groups > 1 && !isDepthwise(each),
  );
  const share =
    sum(grouped, ({ macs }) => macs) /
    Math.max(
      1,
      sum(layers, ({ macs }) => macs),
    );
  return {
    guideline: 'few groups',
    isKept: grouped.length === 0,
    finding: `${percent(share)} of the multiply-accumulates are in grouped convolutions`,
    layers: names(grouped.toSorted((a, b) => b.macs - a.macs)),
  };
}

/**
 * Networks from architecture search fragment in two ways that their layers show. They have depthwise kernels of several
 * sizes, and gates, which are chains of tiny operations on one pixel.
 */
function littleFragmentation(layers: readonly Measured[]): GuidelineVerdict {
  const kernels = new Set(layers.filter(isDepthwise).map(longestSide));
  const gates = layers.filter(({ layer, shape }) => layer.type === 'multiply' && shape[1] * shape[2] > 1);
  const largest = Math.max(...kernels);
  const odd = layers.filter((each) => isDepthwise(each) && longestSide(each) === largest);
  const sizes = [...kernels].sort().join(' and ') || 'no size';
  return {
    guideline: 'little fragmentation',
    isKept: kernels.size <= 1 && gates.length === 0,
    finding: `depthwise kernels of ${sizes}, ${gates.length} gates`,
    layers: [...names(gates), ...(kernels.size > 1 ? names(odd) : [])],
  };
}

/** Maximum share of memory access for element-wise operations. */
const ELEMENTWISE_LIMIT = 0.5;

function isElementwise(type: Layer['type']): boolean {
  return type === 'activation' || type === 'add' || type === 'multiply';
}

function fewElementwise(layers: readonly Measured[]): GuidelineVerdict {
  // At inference, norms are folded into convolutions, and dropout does nothing.
  const run = layers.filter(({ layer }) => layer.type !== 'batchNorm' && layer.type !== 'dropout');
  const light = run.filter((each) => isElementwise(each.layer.type) || isDepthwise(each));
  const share = sum(light, access) / Math.max(1, sum(run, access));
  const isKept = share <= ELEMENTWISE_LIMIT;
  return {
    guideline: 'few element-wise operations',
    isKept,
    finding: `${percent(share)} of memory access is for activations, sums, products and depthwise convolutions`,
    layers: isKept ? [] : names(light.toSorted((a, b) => access(b) - access(a))),
  };
}

/**
 * Checks a network against ShuffleNetV2's four guidelines. The paper states no limits. Ours lie between the networks
 * that it calls good and those that it calls bad. Only layers count, not the names of blocks.
 */
export function guidelineVerdicts(network: Network): readonly GuidelineVerdict[] {
  const shapes = inferShapes(network);
  const layers = networkCost(network).layers.map((cost) => ({
    ...cost,
    inChannels: shapes.get(cost.layer.inputs[0]!)![0],
  }));
  return [equalWidths(layers), fewGroups(layers), littleFragmentation(layers), fewElementwise(layers)];
}
