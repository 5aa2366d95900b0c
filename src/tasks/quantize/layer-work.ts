import type { Dataset } from '../../datasets/dataset.ts';
import type { IntegerInstructions } from '../../executors/onnx/integer-instructions.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { QuantizeEvent } from './report.ts';
import type { QuantizeSettings } from './settings.ts';
import type { Trainer } from './training/trainer.ts';

/** Settings and services for quantizing layers. */
export interface LayerWork {
  readonly settings: QuantizeSettings;
  readonly machine: IntegerInstructions;
  /** Images to evaluate on. */
  readonly dataset: Dataset | undefined;
  /** Measures AP50 of a model on `dataset`, 0–1. */
  readonly evaluate: (model: GraphModel) => Promise<number>;
  /** AP50 that a drop is measured from, 0–1. @default that of the model in float */
  readonly reference?: number | undefined;
  /** Undefined without training. */
  readonly trainer?: Trainer | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: QuantizeEvent) => void;
}
