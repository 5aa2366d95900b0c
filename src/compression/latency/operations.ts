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
import { createSession, type SessionTensors } from '../../executors/onnx/session.ts';

/** What the runtime executes of a network: one of its own operations, with what is fused into it. */
export interface RuntimeOperation extends IsolatedNode {
  /** Kind, kernel, stride, channels, map and precision: operations of one key take one time. */
  readonly key: string;
  /** ONNX operation, such as `Conv`. */
  readonly operation: string;
  /** The network's layer whose parameters it reads; undefined if it reads none. */
  readonly layer: string | undefined;
  /** Milliseconds in the network itself, a number a run. */
  readonly milliseconds: readonly number[];
}

/** A network as this machine's runtime executes it. */
export interface RuntimeGraph {
  /** The operations, in the order of execution. */
  readonly operations: readonly RuntimeOperation[];
  /** What the operators belong to. */
  readonly file: OnnxFile;
}

const shapesText = (tensors: readonly TypedShape[]) =>
  tensors.map(({ type, shape }) => `${type} ${shape.join('×')}`).join(', ');

/** The layer in a constant's name, which passes make longer: `LAYER.weight.scaled.folded.bias`. */
const layerIn = (names: readonly string[]) =>
  names.flatMap((name) => /^(.+?)\.(?:weight|bias)(?:\.|$)/.exec(name)?.[1] ?? [])[0];

/**
 * Finds the layer of a fused convolution, which bears the name of the last operation in it, and constants' names no more:
 * the nearest convolution before that in the graph as it was, which none had yet.
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
 * Finds what the runtime makes of a model on this machine: fused, and in its own layout of channels.
 * @param model an ONNX file's bytes
 * @param feeds of the runs that show it
 * @param runs that the operations' own times are of; one more warms up
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
