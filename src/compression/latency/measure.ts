import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeOnnx } from '../../executors/onnx/file.ts';
import { isolatedNodes } from '../../executors/onnx/isolated-nodes.ts';
import { takeProfiledNodes } from '../../executors/onnx/profile.ts';
import { createSession } from '../../executors/onnx/session/session.ts';
import { lowestTenth } from '../../foundation/timing/median.ts';
import type { RuntimeGraph, RuntimeOperation } from './operations.ts';

export interface MeasureOptions {
  /** @default all cores */
  readonly threads?: number | undefined;
  /** Number of runs that count. */
  readonly runs: number;
}

/**
 * Operations per session. They are enough that no operation finds its weights still in the caches from its previous
 * run.
 */
const TOGETHER = 24;

const FEEDS = {
  float: { shape: [1], data: Float32Array.of(0.5) },
  uint8: { shape: [1], data: Uint8Array.of(100) },
} as const;

async function measureTogether(
  { file }: RuntimeGraph,
  operations: readonly RuntimeOperation[],
  { threads, runs }: MeasureOptions,
): Promise<readonly (readonly [key: string, milliseconds: number])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-yolo-latency-'));
  try {
    const profile = join(folder, 'profile');
    await using session = await createSession(isolatedNodes(file, operations), {
      threads,
      profile,
      optimize: false,
    });
    for (let run = 0; run <= runs; run++) await session.run(FEEDS);
    session.endProfile();
    const nodes = new Map((await takeProfiledNodes(profile)).map((node) => [node.name, node]));
    return operations.map(
      ({ key }, place) => [key, lowestTenth(nodes.get(`node.${place}`)!.milliseconds)] as const,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Times operations outside their network, each different one once. Returns milliseconds by key. */
export async function measureOperations(
  graph: RuntimeGraph,
  operations: readonly RuntimeOperation[],
  options: MeasureOptions,
): Promise<ReadonlyMap<string, number>> {
  const different = [...new Map(operations.map((operation) => [operation.key, operation])).values()];
  const measured: (readonly [string, number])[] = [];
  const parts = Math.max(1, Math.ceil(different.length / TOGETHER));
  for (let part = 0; part < parts; part++) {
    // Neighbors in the network go to different parts, so that each part is a mix of operations.
    const chosen = different.filter((_, place) => place % parts === part);
    measured.push(...(await measureTogether(graph, chosen, options)));
  }
  return new Map(measured);
}

/** Overhead of a run, in milliseconds: a constant part, and a part for each operation. */
export interface Overhead {
  readonly run: number;
  readonly operation: number;
}

/** Number of operations in a graph that measures only overhead. */
const TRIVIAL = 200;

/** Times a chain of operations on one number. */
async function timeChain(length: number, { threads, runs }: MeasureOptions): Promise<number> {
  const names = Array.from({ length: length + 1 }, (_, place) => `value.${place}`);
  const port = (name: string) => ({ name, type: 'float32', shape: [1] }) as const;
  const model = encodeOnnx({
    name: 'chain',
    opset: 17,
    nodes: names
      .slice(1)
      .map((output, place) => ({ type: 'Abs', inputs: [names[place]!], outputs: [output] })),
    inputs: [port(names[0]!)],
    outputs: [port(names.at(-1)!)],
    initializers: [],
    metadata: {},
  });
  await using session = await createSession(model, { threads, optimize: false });
  const feeds = { [names[0]!]: FEEDS.float };
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    const started = performance.now();
    await session.run(feeds);
    times.push(performance.now() - started);
  }
  return lowestTenth(times.slice(1));
}

/** Measures the overhead of a run. */
export async function measureOverhead(options: MeasureOptions): Promise<Overhead> {
  const [one, many] = [await timeChain(1, options), await timeChain(1 + TRIVIAL, options)];
  const operation = Math.max(0, (many - one) / TRIVIAL);
  return { run: Math.max(0, one - operation), operation };
}
