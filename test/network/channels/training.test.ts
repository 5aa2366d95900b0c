import { expect, test } from 'vitest';
import type { Tensor } from '../../../src/graph/operations.ts';
import type { Contents } from '../../../src/graph/reference/run.ts';
import { initialState } from '../../../src/training/step/state.ts';
import { buildTrainingStep } from '../../../src/training/step/step.ts';
import { runInDouble } from '../../training/step/run-step.ts';
import { stepCase } from '../../training/step/step-cases.ts';
import { thinned, withoutReaders } from './removal.ts';

const TITLES = [
  'depthwise-separable convolutions',
  'inverted bottlenecks with squeeze and excitation',
  'ShuffleNet units',
  'Ghost modules',
  'inverted residuals',
  'average pools and grouped convolutions',
  'AdamW',
];

const floats = ({ shape, data }: Contents): Tensor => ({ shape, data: Float32Array.from(data) });

test.for(TITLES)(
  '%s: a step on the remaining channels equals the remaining channels of a step',
  async (title) => {
    const { network, options, state, runs } = stepCase(title);
    const thin = thinned(network);
    // The gradient's norm also counts what is removed.
    const stepOptions = { ...options, clip: false };
    const [full, small] = [
      buildTrainingStep(network, stepOptions),
      buildTrainingStep(thin.network, stepOptions),
    ];
    const weights = withoutReaders(network, thin, state);
    const whole = new Map([...initialState(full, weights), ...weights]);
    const [before] = await runInDouble({ step: full, state: whole, runs: runs.slice(0, 1) });
    const [after] = await runInDouble({ step: small, state: thin.thin(whole), runs: runs.slice(0, 1) });
    const expected = thin.thin(new Map([...before!.state].map(([name, tensor]) => [name, floats(tensor)])));
    expect(after!.metrics['loss']).toBeCloseTo(before!.metrics['loss']!, 6);
    for (const [name, { data }] of expected) {
      const found = after!.state.get(name)!.data;
      expect(found.length, name).toBe(data.length);
      for (const [i, value] of data.entries()) expect(found[i], name).toBeCloseTo(value, 4);
    }
  },
);
