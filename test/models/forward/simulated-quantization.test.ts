import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lowerBlockedStep } from '../../../src/executors/onnx/blocked/lower.ts';
import { encodeOnnx } from '../../../src/executors/onnx/file.ts';
import { createSession } from '../../../src/executors/onnx/session/session.ts';
import { blockSize } from '../../../src/executors/onnx/step/block-size.ts';
import { TensorFlowGraph } from '../../../src/executors/tensorflow/run.ts';
import { elementCount } from '../../../src/foundation/element-count.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { gradients } from '../../../src/graph/gradients/gradients.ts';
import type { Graph, Tensor } from '../../../src/graph/operations.ts';
import { type Contents, runReference } from '../../../src/graph/reference/run.ts';
import { recordForward } from '../../../src/models/forward/forward.ts';
import {
  type ByteScale,
  roundedKernel,
  roundedMap,
} from '../../../src/models/forward/simulated-quantization.ts';
import { backends } from '../../executors/tensorflow/backends.ts';
import { largestError } from '../../graph/reference/largest-error.ts';
import { runGraph } from '../../graph/run-graph.ts';
import { tinyNetwork } from '../tiny-model.ts';

interface Stored {
  readonly shape: readonly number[];
  readonly data: string;
}

/** Made by scripts/goldens/fake_quantization.py. */
interface Golden
  extends Readonly<
    Record<'x' | 'kernel' | 'dy' | 'roundedMap' | 'roundedKernel' | 'output' | 'dx' | 'dkernel', Stored>
  > {
  readonly title: string;
  readonly groups: number;
  readonly bits: number;
  readonly before: ByteScale;
  readonly after: ByteScale;
}

const file = new URL('fixtures/fake-quantization.json', import.meta.url);
const goldens = JSON.parse(readFileSync(file, 'utf8')) as readonly Golden[];

const tensorOf = ({ shape, data }: Stored): Tensor => ({
  shape,
  data: new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer),
});

const OUTPUTS = ['roundedMap', 'roundedKernel', 'output', 'dx', 'dkernel'] as const;

/** The golden's layer, and the gradients of the sum of its output times dy. */
function layerGraph(golden: Golden): Graph {
  const graph = new GraphBuilder();
  const [x, kernel, dy] = (['x', 'kernel', 'dy'] as const).map((name) =>
    graph.input(name, golden[name].shape),
  ) as [
    ReturnType<GraphBuilder['input']>,
    ReturnType<GraphBuilder['input']>,
    ReturnType<GraphBuilder['input']>,
  ];
  const map = roundedMap(graph, x, golden.before);
  const rounded = roundedKernel(graph, kernel, golden.bits);
  const conv = { op: 'conv', stride: 1, padding: [1, 1, 1, 1], groups: golden.groups } as const;
  const output = roundedMap(graph, graph.unary('relu', graph.apply(conv, map, rounded)), golden.after);
  const loss = graph.reduce('sum', graph.binary('multiply', output, dy));
  const [dx, dkernel] = gradients(graph, loss, [x, kernel]);
  const values = { roundedMap: map, roundedKernel: rounded, output, dx: dx!, dkernel: dkernel! };
  // In one row: otherwise weights would come in the blocks' order.
  for (const name of OUTPUTS)
    graph.output(name, graph.reshape(values[name], [elementCount(golden[name].shape)]));
  return graph.build();
}

const feedsOf = (golden: Golden) => ({
  x: tensorOf(golden.x),
  kernel: tensorOf(golden.kernel),
  dy: tensorOf(golden.dy),
});

const block = await blockSize();

type Run = (graph: Graph, feeds: ReturnType<typeof feedsOf>) => Promise<Readonly<Record<string, Contents>>>;

const executions: readonly (readonly [name: string, run: Run | undefined])[] = [
  [
    'in double precision',
    async (graph, feeds) => Object.fromEntries(runReference(graph, new Map(Object.entries(feeds)))),
  ],
  ['by ONNX Runtime', (graph, feeds) => runGraph({ graph, tensors: new Map() }, feeds)],
  [
    'by ONNX Runtime in blocks',
    block === undefined
      ? undefined
      : async (graph, feeds) => {
          const { model } = lowerBlockedStep(graph, block);
          await using session = await createSession(encodeOnnx(model), { threads: 1 });
          return await session.run(feeds);
        },
  ],
  ...backends.map(({ name, loaded }): readonly [string, Run | undefined] => [
    `by TensorFlow.js on ${name}`,
    loaded &&
      (async (graph, feeds) => {
        await using runner = new TensorFlowGraph(loaded, { graph, tensors: new Map() });
        return await runner.run(feeds);
      }),
  ]),
];

describe.each(goldens.map((golden) => [golden.title, golden] as const))(
  "a layer rounded to %s has PyTorch's maps and gradients:",
  (_, golden) => {
    test.for(executions)('%s', async ([, run], { skip }) => {
      if (!run) return skip('not on this machine');
      const found = await run(layerGraph(golden), feedsOf(golden));
      for (const name of OUTPUTS) {
        const { data } = tensorOf(golden[name]);
        expect(largestError(found[name], { shape: [data.length], data }), name).toBeLessThan(1e-5);
      }
    });
  },
);

test('a name without a layer is a one-line error', () => {
  const quantization = {
    bits: 8,
    kernels: ['block1.conv'],
    maps: { 'block9.act': { scale: 1, zeroPoint: 0 } },
  };
  expect(() =>
    recordForward(new GraphBuilder(), tinyNetwork(), 'training', { batch: 1, quantization }),
  ).toThrow(
    'quantization "block9.act": is not a layer of tiny that can be rounded; "micro-yolo info" lists them',
  );
});
