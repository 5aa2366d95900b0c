import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import { binaryCrossEntropy, focalLoss } from './cross-entropy.ts';

/**
 * Form of the loss for a score: binary cross-entropy; `focal` loss (https://arxiv.org/abs/1708.02002, γ = 2, no α);
 * `quality` focal loss (https://arxiv.org/abs/2006.04388, β = 2); `varifocal` loss
 * (https://arxiv.org/abs/2008.13367, α = 0.75, γ = 2). With targets of 0 and 1, `quality` equals `focal`.
 */
export type ScoreForm = 'bce' | 'focal' | 'quality' | 'varifocal';

const FOCAL_GAMMA = 2;
const VARIFOCAL_ALPHA = 0.75;

/** Element-wise loss of logits for targets in [0, 1], in nats. */
export function scoreLoss(graph: GraphBuilder, form: ScoreForm, logits: Value, targets: Value): Value {
  const multiply = (a: Value, b: Value) => graph.binary('multiply', a, b);
  const square = (value: Value) => multiply(value, value);
  switch (form) {
    case 'bce':
      return binaryCrossEntropy(graph, logits, targets);
    case 'focal':
      return focalLoss(graph, logits, targets, FOCAL_GAMMA);
    case 'quality': {
      const off = graph.binary('subtract', graph.unary('sigmoid', logits), targets);
      return multiply(square(off), binaryCrossEntropy(graph, logits, targets));
    }
    case 'varifocal': {
      // The weight of a target above 0 is the target itself, that of background α times the squared score.
      const isBackground = graph.indicator('lessOrEqual', targets, graph.constant(0));
      const missed = graph.linear(square(graph.unary('sigmoid', logits)), VARIFOCAL_ALPHA);
      const weight = graph.binary('add', targets, multiply(missed, isBackground));
      return multiply(weight, binaryCrossEntropy(graph, logits, targets));
    }
  }
}
