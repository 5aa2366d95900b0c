import { describe, expect, test } from 'vitest';
import { lowerBlockedStep } from '../../../src/executors/onnx/blocked/lower.ts';
import { lowerPlainStep } from '../../../src/executors/onnx/plain/lower.ts';
import { blockSize } from '../../../src/executors/onnx/step/block-size.ts';
import type { Graph } from '../../../src/graph/operations.ts';
import { buildTrainingStep } from '../../../src/training/step/step.ts';
import { runInDouble, runLowered } from './run-step.ts';
import { updateErrors, updateSketch } from './sketch.ts';
import { stepCase } from './step-cases.ts';

const item = stepCase('a batch of 2');
/** All but the first convolution and the logits, which stay in float. */
const kernels = ['fine.conv', 'coarse.conv'];
const maps = Object.fromEntries(
  ['stem.act', 'fine.act', 'coarse.act', 'join'].map((layer) => [layer, { scale: 0.02, zeroPoint: 40 }]),
);
const simulated = (quantization: { readonly kernels: readonly string[]; readonly maps: typeof maps }) => ({
  ...item,
  step: buildTrainingStep(item.network, { ...item.options, quantization: { bits: 8, ...quantization } }),
});

const block = await blockSize();
const layouts = [
  ['plain', lowerPlainStep],
  ['blocked', block === undefined ? undefined : (graph: Graph) => lowerBlockedStep(graph, block)],
] as const;

describe('a step with simulated rounding', () => {
  test('has the same state as one without', () => {
    expect([...simulated({ kernels, maps }).step.state.keys()]).toEqual([...item.step.state.keys()]);
  });

  test.for(layouts)(
    'computes the same in the %s layout as in double precision',
    async ([, lower], { skip }) => {
      if (!lower) return skip('no blocks on this machine');
      const rounded = simulated({ kernels, maps });
      const [expected] = await runInDouble(rounded);
      const [found] = await runLowered(lower, rounded);
      const [a, b] = [found!, expected!].map(({ state }) => updateSketch(item.state, state));
      for (const [kind, error] of Object.entries(updateErrors(item.state, a!, b!))) {
        // A few values are halfway between two levels, and float32 rounds them the other way.
        expect(error, kind).toBeLessThan(0.02);
      }
    },
  );

  test('differs from one without only by rounding', async () => {
    const [plain] = await runInDouble(item);
    const [rounded] = await runInDouble(simulated({ kernels, maps }));
    const [a, b] = [rounded!, plain!].map(({ state }) => updateSketch(item.state, state));
    const { weights } = updateErrors(item.state, a!, b!);
    expect(weights).toBeGreaterThan(0.03);
    expect(weights).toBeLessThan(0.6);
  });
});
