import { encodeOnnx } from '../../../src/executors/onnx/file.ts';
import type { LoweredStep } from '../../../src/executors/onnx/lowered-step.ts';
import { createSession, type SessionTensor } from '../../../src/executors/onnx/session/session.ts';
import type { TensorFlow } from '../../../src/executors/tensorflow/load.ts';
import { TensorFlowStep } from '../../../src/executors/tensorflow/step/step.ts';
import type { Graph, Tensor } from '../../../src/graph/operations.ts';
import { type Contents, runReference } from '../../../src/graph/reference/run.ts';
import { nextName } from '../../../src/training/optimizers/parameters.ts';
import type { StepCase } from './step-cases.ts';

/** Contents of tensors by name. */
type Values = ReadonlyMap<string, Contents>;

export interface Outcome {
  readonly state: Values;
  readonly metrics: Readonly<Record<string, number>>;
}

type Runnable = Pick<StepCase, 'step' | 'state' | 'runs'>;

/** Lowers a step's graph; the state's tensors are inputs of the model. */
export type Lowering = (graph: Graph) => LoweredStep;

/** The outcomes of a case's runs, each on the state of the previous one. */
async function outcomes(
  { step, state, runs }: Runnable,
  execute: (values: Values) => Promise<Values>,
): Promise<readonly Outcome[]> {
  const found: Outcome[] = [];
  for (const { batch, scalars } of runs) {
    const before = found.at(-1)?.state ?? state;
    const numbers = Object.entries(scalars).map(
      ([name, value]) => [name, { shape: [], data: [value] }] as const,
    );
    const results = await execute(
      new Map<string, Contents>([...before, ...Object.entries(batch), ...numbers]),
    );
    found.push({
      state: new Map([...state.keys()].map((name) => [name, results.get(nextName(name))!])),
      metrics: Object.fromEntries(step.metrics.map((name) => [name, results.get(name)!.data[0]!])),
    });
  }
  return found;
}

/** Runs a case in double precision, which shows whether the graph itself is right. */
export function runInDouble(item: Runnable): Promise<readonly Outcome[]> {
  return outcomes(item, async (values) => runReference(item.step.graph, values));
}

/** Tensors for ONNX Runtime: bytes stay bytes, everything else becomes float32. */
function sessionTensor({ shape, data }: Contents): SessionTensor {
  const isReady = data instanceof Uint8Array || data instanceof Float32Array;
  return { shape, data: isReady ? data : Float32Array.from(data) };
}

/** Runs a case on TensorFlow.js. */
export async function runOnTensorFlow(tensorflow: TensorFlow, item: Runnable): Promise<readonly Outcome[]> {
  const { graph, next, finite } = item.step;
  const step = new TensorFlowStep(tensorflow, { graph, next, finite, state: Object.fromEntries(item.state) });
  try {
    return await outcomes(item, async (values) => {
      const feeds = graph.inputs.map(({ name }) => [name, sessionTensor(values.get(name)!)] as const);
      const { metrics } = await step.step(Object.fromEntries(feeds));
      const state = Object.entries(await step.read()).map(
        ([name, tensor]) => [nextName(name), tensor] as const,
      );
      const numbers = Object.entries(metrics).map(
        ([name, value]) => [name, { shape: [1], data: [value] }] as const,
      );
      return new Map<string, Contents>([...state, ...numbers]);
    });
  } finally {
    await step.close();
  }
}

/** Runs a case by ONNX Runtime. */
export async function runLowered(lower: Lowering, item: Runnable): Promise<readonly Outcome[]> {
  const { model, packings } = lower(item.step.graph);
  const unpackings = new Map([...packings].map(([name, { unpack }]) => [nextName(name), unpack]));
  await using session = await createSession(encodeOnnx(model), { threads: 2 });
  return await outcomes(item, async (values) => {
    const feeds = session.inputs.map((name) => {
      const tensor = sessionTensor(values.get(name)!);
      return [name, packings.get(name)?.pack(tensor as Tensor) ?? tensor] as const;
    });
    const results = await session.run(Object.fromEntries(feeds));
    return new Map(
      Object.entries(results).map(([name, result]) => [
        name,
        unpackings.get(name)?.(result as Tensor) ?? result,
      ]),
    );
  });
}
