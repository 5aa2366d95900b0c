import type { DiagramBlock } from '../../drawing/diagram.ts';
import type { NodeCost } from '../../executors/onnx/cost/graph-cost.ts';

/** Operators that are merged into the block that they follow, if it is their only input. */
const FOLLOWERS =
  /^(BatchNormalization|Relu|LeakyRelu|PRelu|Elu|Selu|Sigmoid|HardSigmoid|HardSwish|Mish|Tanh|Clip|Softplus|Gelu|Add|Mul|Div|Sub|Cast|Identity|Dropout|Reshape|Squeeze|Unsqueeze|Transpose)$/;
const CONVOLUTIONS = /^(Fused|QLinear)?Conv|^(Gemm|MatMul)$|MatMul/;
const RESAMPLERS = /Pool|^(Resize|Upsample)$/;

function kind({ operator }: NodeCost): DiagramBlock['kind'] {
  if (CONVOLUTIONS.test(operator)) return 'convolution';
  return RESAMPLERS.test(operator) ? 'resample' : 'join';
}

/**
 * Blocks of a graph's diagram. Norms, activations and views are merged into the node that they follow.
 * @param outputs names of the graph's outputs
 */
export function diagramGraph(
  nodes: readonly NodeCost[],
  outputs: readonly string[],
): readonly DiagramBlock[] {
  const owner = new Map<string, string>();
  const blocks = new Map<string, DiagramBlock>();
  for (const node of nodes) {
    const { name, operator, inputs, shape, parameters } = node;
    // Skips nodes that only depend on constants, because they are computed once.
    if (inputs.length === 0) continue;
    const hosts = [...new Set(inputs.map((input) => owner.get(input)))];
    const host = hosts.length === 1 ? blocks.get(hosts[0] ?? '') : undefined;
    const shown = shape?.join('×') ?? 'unknown shape';
    if (host && FOLLOWERS.test(operator)) {
      owner.set(name, host.name);
      blocks.set(host.name, { ...host, shape: shown, parameters: host.parameters + parameters });
      continue;
    }
    owner.set(name, name);
    const read = hosts.filter((owned) => owned !== undefined);
    blocks.set(name, { name, title: operator, kind: kind(node), inputs: read, shape: shown, parameters });
  }
  const ends = new Set(outputs.map((output) => owner.get(output)));
  return [...blocks.values()].map((block) => (ends.has(block.name) ? { ...block, kind: 'output' } : block));
}
