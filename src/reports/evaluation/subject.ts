import type { Dataset } from '../../datasets/dataset.ts';
import type { Analysis } from '../../evaluation/analysis/analyze.ts';
import type { BootstrapDifference } from '../../evaluation/bootstrap/bootstrap.ts';
import type { DetectionReport } from '../../evaluation/report.ts';
import type { EvaluationInput } from '../../evaluation/tables.ts';

/** Contents of an evaluation report. */
export interface EvaluationSubject {
  /** Names of the model or file of detections, and of the data, for the heading. */
  readonly model: string;
  readonly data: string;
  readonly dataset: Dataset;
  readonly input: EvaluationInput;
  readonly report: DetectionReport;
  readonly analysis: Analysis;
  /** Difference from the detections of another model on the same data. */
  readonly baseline?: { readonly name: string; readonly difference: BootstrapDifference } | undefined;
}

/** Category names, in the order of the evaluation. */
export function categoryNames({ dataset, input }: EvaluationSubject): readonly string[] {
  const names = new Map(dataset.categories.map(({ id, name }) => [id, name]));
  return input.categoryIds.map((id) => names.get(id)!);
}

/** Images in the order of the evaluation. */
export function evaluatedImages({ dataset, input }: EvaluationSubject): readonly Dataset['images'][number][] {
  const images = new Map(dataset.images.map((image) => [image.id, image]));
  return input.imageIds.map((id) => images.get(id)!);
}
