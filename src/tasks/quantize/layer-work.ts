import type { Dataset } from '../../datasets/dataset.ts';
import type { IntegerInstructions } from '../../executors/onnx/integer-instructions.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { QuantizeEvent } from './report.ts';
import type { QuantizeSettings } from './settings.ts';
import type { Trainer } from './training/trainer.ts';

/** What quantizing layers works with. */
export interface LayerWork {
  readonly settings: QuantizeSettings;
  readonly machine: IntegerInstructions;
  /** Split that is evaluated on. */
  readonly dataset: Dataset | undefined;
  /** AP50 of a model on it, 0–1. */
  readonly evaluate: (model: GraphModel) => Promise<number>;
  /** AP50 that a drop is counted from, 0–1. @default that of the model in float */
  readonly reference?: number | undefined;
  /** Without it nothing is trained. */
  readonly trainer?: Trainer | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: QuantizeEvent) => void;
}
