import { describe, expect, test } from 'vitest';
import type { GraphBuilder } from '../../../src/graph/builder.ts';
import type { Value } from '../../../src/graph/operations.ts';
import { binaryCrossEntropy, focalLoss } from '../../../src/training/losses/cross-entropy.ts';
import { scoreLoss } from '../../../src/training/losses/score-loss.ts';
import { derivatives, type Executor, executors } from './executors.ts';
import { goldens } from './goldens.ts';

/** Compares a loss's values and gradients at the goldens' logits. */
async function expectCurve(
  run: Executor,
  tolerance: number,
  target: number,
  record: (graph: GraphBuilder, logits: Value, targets: Value) => Value,
  golden: { readonly values: readonly number[]; readonly gradients: readonly number[] },
): Promise<void> {
  const inputs = { logits: goldens.logits, targets: goldens.logits.map(() => target) };
  const graph = derivatives(inputs, (builder, given) => record(builder, given['logits']!, given['targets']!));
  const outputs = await run(graph, inputs);
  goldens.logits.forEach((logit, index) => {
    const [value, gradient] = [golden.values[index]!, golden.gradients[index]!];
    const scale = Math.max(1, Math.abs(value));
    expect(Math.abs(outputs['values']![index]! - value), `value at ${logit}`).toBeLessThan(tolerance * scale);
    const error = Math.abs(outputs['d logits']![index]! - gradient);
    expect(error, `gradient at ${logit}`).toBeLessThan(tolerance * Math.max(1, Math.abs(gradient)));
  });
}

describe.each(executors)('losses of logits by %s', (_, tolerance, run) => {
  test.each(goldens.entropies)("have PyTorch's cross-entropy for the target $target", async (golden) => {
    await expectCurve(run, tolerance, golden.target, binaryCrossEntropy, golden);
  });

  test.each(goldens.focal)('have the focal loss of γ $gamma for the target $target', async (golden) => {
    const { gamma, target } = golden;
    const record = (graph: GraphBuilder, logits: Value, targets: Value) =>
      focalLoss(graph, logits, targets, gamma);
    await expectCurve(run, tolerance, target, record, golden);
  });

  test.each(goldens.forms)('have the form $form for the target $target', async (golden) => {
    const { form, target } = golden;
    const record = (graph: GraphBuilder, logits: Value, targets: Value) =>
      scoreLoss(graph, form, logits, targets);
    await expectCurve(run, tolerance, target, record, golden);
  });
});
