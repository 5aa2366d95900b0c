import { join } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { analyzeDetections } from '../../evaluation/analysis/analyze.ts';
import { type DescribedAnalysis, describeAnalysis } from '../../evaluation/analysis/describe.ts';
import { type BootstrapDifference, resampledDifference } from '../../evaluation/bootstrap/bootstrap.ts';
import { prepareEvaluation } from '../../evaluation/bootstrap/prepare.ts';
import { resample } from '../../evaluation/bootstrap/resample.ts';
import type { DetectionList } from '../../evaluation/detection-list.ts';
import { evaluationInput } from '../../evaluation/input.ts';
import type { DetectionReport } from '../../evaluation/report.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { checkFolder, isFile } from '../../foundation/files/folders.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { writeEvaluationReport } from '../../reports/evaluation/write-report.ts';
import { evaluateResults } from './evaluate-results.ts';

export interface ReportOptions {
  /** Folder to write a report to, `index.html`, that explains the metrics. @default none */
  readonly report?: string | undefined;
  /** File of another model's detections on the same data, to compare with in the report. See `matchResults`. */
  readonly baseline?: string | undefined;
}

/** Contents of a report, for programs. */
export interface EvaluationAnalysis extends DescribedAnalysis {
  /** Metrics of this model minus those of the baseline. */
  readonly difference?: BootstrapDifference | undefined;
  /** Path of the page. */
  readonly page: string;
}

/**
 * Checks that a report can be written, before detection, which may take hours.
 * @throws MicroYoloError `invalid-argument` if it would overwrite an input, or for `baseline` without `report`;
 * `not-writable`
 */
export async function checkReport(
  { report, baseline }: ReportOptions,
  read: readonly (string | undefined)[],
): Promise<void> {
  if (report === undefined) {
    if (baseline === undefined) return;
    const problem = `baseline ${baseline}: needs a report to show the comparison in`;
    throw new MicroYoloError('invalid-argument', `${problem}; set its folder with report`);
  }
  if (await isFile(report)) {
    throw new MicroYoloError('invalid-argument', `report ${report}: a file, expected a folder to write to`);
  }
  await checkOverwritesNone(join(report, 'index.html'), [...read, baseline], 'what is read', 'report');
  await checkFolder(report);
}

/** Detections to compare with. */
export interface Baseline {
  /** Path of their file. */
  readonly path: string;
  readonly detections: DetectionList;
}

/**
 * Reads the detections to compare with. Called before detection, which may take hours.
 * @throws MicroYoloError if the file cannot be read, or none of its detections can count
 */
export async function readBaseline(
  path: string,
  dataset: Dataset,
  onNote: (message: string) => void,
): Promise<Baseline> {
  const { detections, report } = await evaluateResults(path, dataset);
  for (const note of report.notes) onNote(`baseline ${path}: ${note}`);
  return { path, detections };
}

export interface ReportedEvaluation {
  /** Folder of the report. */
  readonly report: string;
  readonly baseline: Baseline | undefined;
  /** Names for the heading. */
  readonly model: string;
  readonly data: string;
}

/** Analyzes detections and writes the report. */
export async function reportEvaluation(
  { report: folder, baseline, model, data }: ReportedEvaluation,
  dataset: Dataset,
  detections: DetectionList,
  report: DetectionReport,
): Promise<EvaluationAnalysis> {
  const input = evaluationInput(dataset, detections);
  const analysis = analyzeDetections(input);
  let difference: BootstrapDifference | undefined;
  if (baseline !== undefined) {
    const other = prepareEvaluation(evaluationInput(dataset, baseline.detections, baseline.path));
    difference = resampledDifference(resample(other), analysis.resampled);
  }
  const page = await writeEvaluationReport(
    {
      ...{ model, data, dataset, input, report, analysis },
      baseline: difference && { name: baseline!.path, difference },
    },
    folder,
  );
  return { ...describeAnalysis(dataset, input, analysis), ...(difference && { difference }), page };
}
