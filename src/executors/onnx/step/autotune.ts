import { elementCount } from '../../../foundation/element-count.ts';
import { GraphBuilder } from '../../../graph/builder.ts';
import type { Graph, Node } from '../../../graph/operations.ts';
import { type Choices, gradientKey } from '../blocked/choices.ts';
import { lowerBlockedStep } from '../blocked/lower.ts';
import { encodeOnnx } from '../file.ts';
import { createSession, type SessionTensors } from '../session/session.ts';

/** Number of runs of each form. The first one, with cold caches, does not count. */
const RUNS = 5;

/** Returns the gradient of one filter as a separate graph. */
function alone({ operation, inputs }: Node): { readonly graph: Graph; readonly feeds: SessionTensors } {
  const builder = new GraphBuilder();
  const feeds: Record<string, SessionTensors[string]> = {};
  const values = inputs.map(({ shape }, index) => {
    const sizes = shape as readonly number[];
    const length = elementCount(sizes);
    feeds[`x${index}`] = { shape: sizes, data: Float32Array.from({ length }, (_, place) => (place % 7) - 3) };
    return builder.input(`x${index}`, shape);
  });
  builder.output('gradient', builder.apply(operation, ...values));
  return { graph: builder.build(), feeds };
}

async function fastest(
  model: Uint8Array,
  feeds: SessionTensors,
  threads: number | undefined,
): Promise<number> {
  await using session = await createSession(model, { threads });
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    await session.run(feeds);
    if (run > 0) least = Math.min(least, performance.now() - started);
  }
  return least;
}

/**
 * Measures the possible forms of each filter's gradient on this machine, for each shape. The choice belongs to a
 * training run, because other forms round differently. Blocks the thread for a few seconds.
 */
export async function tuneGradients(graph: Graph, block: number, threads?: number): Promise<Choices> {
  const { possible } = lowerBlockedStep(graph, block);
  const choices: Record<string, Choices[string]> = {};
  for (const node of graph.nodes) {
    const key = gradientKey(node);
    const forms = possible[key];
    if (!forms || choices[key]) continue;
    const { graph: small, feeds } = alone(node);
    let least = Number.POSITIVE_INFINITY;
    for (const form of forms) {
      const { model } = lowerBlockedStep(small, block, { [key]: form });
      const milliseconds = await fastest(encodeOnnx(model), feeds, threads);
      if (milliseconds >= least) continue;
      least = milliseconds;
      choices[key] = form;
    }
  }
  return choices;
}
