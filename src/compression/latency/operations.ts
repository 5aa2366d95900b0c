import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  describeNode,
  graphParts,
  type IsolatedNode,
  type TypedShape,
} from '../../executors/onnx/isolated-nodes.ts';
import { takeProfiledNodes } from '../../executors/onnx/profile.ts';
import { type OnnxFile, readOnnx } from '../../executors/onnx/read.ts';
import { createSession, type SessionTensors } from '../../executors/onnx/session/session.ts';

/** One operation as the runtime executes it, including operations that are fused into it. */
export interface RuntimeOperation extends IsolatedNode {
  /** Type, kernel, stride, channels, map and precision. Operations with the same key take the same time. */
  readonly key: string;
  /** ONNX operation, such as `Conv`. */
  readonly operation: string;
  /** The network's layer whose parameters it reads, or undefined if it reads none. */
  readonly layer: string | undefined;
  /** Milliseconds in the network itself, for each run. */
  readonly milliseconds: readonly number[];
}

/** A network as this machine's runtime executes it. */
export interface RuntimeGraph {
  /** The operations, in execution order. */
  readonly operations: readonly RuntimeOperation[];
  /** The optimized file that contains the operations. */
  readonly file: OnnxFile;
}

const shapesText = (tensors: readonly TypedShape[]) =>
  tensors.map(({ type, shape }) => `${type} ${shape.join('×')}`).join(', ');

/** Returns the layer in a constant's name, to which passes append suffixes: `LAYER.weight.scaled.folded.bias`. */
const layerIn = (names: readonly string[]) =>
  names.flatMap((name) => /^(.+?)\.(?:weight|bias)(?:\.|$)/.exec(name)?.[1] ?? [])[0];

/**
 * Finds the layer of a fused convolution. It is named after its last operation, and its constants lose their names. The
 * layer is that of the nearest preceding convolution in the original graph that was not assigned yet.
 */
function layerFinder({ proto: { graph } }: OnnxFile): (name: string) => string | undefined {
  const makers = new Map(graph.node.flatMap((node) => node.output.map((output) => [output, node] as const)));
  const taken = new Set<string>();
  return (name) => {
    const waiting = [name.replace(/_nchwc.*$/, '')];
    for (const output of waiting) {
      const maker = makers.get(output);
      const layer = maker?.opType === 'Conv' ? layerIn(maker.input) : undefined;
      if (layer !== undefined && !taken.has(layer)) {
        taken.add(layer);
        return layer;
      }
      if (maker && layer === undefined) waiting.push(...maker.input);
    }
    return undefined;
  };
}

/**
 * Returns a model's graph as the runtime executes it on this machine: fused, and in its own channel layout.
 * @param model an ONNX file's bytes
 * @param feeds inputs of the runs
 * @param runs number of runs that time the operations, after one warm-up run
 */
export async function runtimeGraph(
  model: Uint8Array,
  feeds: SessionTensors,
  { threads, runs = 1 }: { readonly threads?: number | undefined; readonly runs?: number },
): Promise<RuntimeGraph> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-yolo-latency-'));
  try {
    const [profile, optimized] = [join(folder, 'profile'), join(folder, 'optimized.onnx')];
    await using session = await createSession(model, { threads, profile, optimized });
    for (let run = 0; run <= runs; run++) await session.run(feeds);
    session.endProfile();
    const file = readOnnx(await readFile(optimized), 'the optimized graph');
    const { nodes, constants } = graphParts(file);
    const layerOf = layerFinder(readOnnx(model, 'the graph'));
    const operations = (await takeProfiledNodes(profile)).flatMap((profiled): RuntimeOperation[] => {
      const { name, operation, inputs, outputs, milliseconds } = profiled;
      const node = nodes.get(name);
      if (!node) return [];
      const own = new Map(
        node.input.flatMap((input) => (constants.has(input) ? [[input, constants.get(input)!]] : [])),
      );
      const key = `${describeNode(node)} | ${shapesText(inputs)} → ${shapesText(outputs)}`;
      const layer = operation === 'Conv' || operation === 'FusedConv' ? layerOf(name) : layerIn(node.input);
      return [{ key, operation, layer, node, constants: own, inputs, milliseconds }];
    });
    return { operations, file };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
