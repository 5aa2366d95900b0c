import { join } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import {
  type BootstrapDifference,
  resampledDifference,
  resampledIntervals,
} from '../../evaluation/bootstrap/bootstrap.ts';
import type { Interval } from '../../evaluation/bootstrap/intervals.ts';
import { prepareEvaluation } from '../../evaluation/bootstrap/prepare.ts';
import { type Resampled, resample } from '../../evaluation/bootstrap/resample.ts';
import { evaluationInput } from '../../evaluation/input.ts';
import { readResults } from '../../evaluation/results/file.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { checkFolder, isFile, makeFolder } from '../../foundation/files/folders.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { renderRunComparison } from '../../reports/run/comparison.ts';
import type { RunSubject } from '../../reports/run/subject.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';
import { openData } from './open-data.ts';
import { DETECTIONS_FILE, readRun } from './read-run.ts';
import { datasetDigest, RUN_FILE } from './run-folder.ts';

export interface CompareRunsOptions {
  /** Run folders. At least two. */
  readonly runs: readonly string[];
  /** Folder to write a report to, `index.html`. @default none */
  readonly report?: string | undefined;
}

const KINDS: OptionKinds<CompareRunsOptions> = { runs: 'required strings', report: 'string' };

/** A run in a comparison. */
export interface ComparedRun {
  readonly folder: string;
  readonly epochs: number;
  /** Metric by which the best model is chosen: `AP` or `top1`. */
  readonly deciding: string;
  readonly best: { readonly epoch: number; readonly value: number } | undefined;
  /** Interval of the best model's AP. Undefined if its detections were not stored, or its data is gone or changed. */
  readonly interval: Interval | undefined;
  /** Why there is no interval, if the data is gone or changed. */
  readonly note?: string | undefined;
  /** Metrics of this run minus the first one's, on the same images. Undefined for the first run, and for other data. */
  readonly difference: BootstrapDifference | undefined;
  /** Settings that differ from the defaults. */
  readonly settings: RunSubject['settings'];
}

/** Whether a folder is a run folder. */
export const isRun = (folder: string): Promise<boolean> => isFile(join(folder, RUN_FILE));

/** Resamples the best model's detections against the run's evaluation data. Empty if they were not stored. */
async function resampledRun(
  folder: string,
  settings: TrainingSettings,
  digest: string | undefined,
): Promise<{ readonly resampled?: Resampled; readonly note?: string }> {
  const path = join(folder, DETECTIONS_FILE);
  if (!(await isFile(path))) return {};
  let evaluation: Dataset | undefined;
  try {
    ({ evaluation } = await openData(settings, () => {}));
  } catch (error) {
    if (!(error instanceof MicroYoloError)) throw error;
    return { note: `no interval, because the data cannot be read: ${error.message}` };
  }
  if (evaluation === undefined) return {};
  if (datasetDigest(evaluation) !== digest)
    return { note: `no interval, because ${settings.data} has changed since the run` };
  return {
    resampled: resample(prepareEvaluation(evaluationInput(evaluation, await readResults(path), path))),
  };
}

/**
 * Compares training runs: their best metrics with intervals, their curves and settings.
 * @throws MicroYoloError `invalid-argument` if there are fewer than two, or one is not a run folder; `not-writable`
 */
export async function compareRuns(options: CompareRunsOptions): Promise<readonly ComparedRun[]> {
  checkOptions('compareRuns options', options, KINDS);
  const { runs: folders, report } = options;
  if (folders.length < 2) {
    throw new MicroYoloError(
      'invalid-argument',
      `runs ${folders.join(', ')}: expected at least two to compare`,
    );
  }
  if (report !== undefined) await checkFolder(report);
  const read = [];
  for (const folder of folders) {
    const run = await readRun(folder);
    const digest = run.origin.digests.get(run.settings.evaluateSplit ?? '');
    read.push({ folder, ...run, digest, ...(await resampledRun(folder, run.settings, digest)) });
  }
  const [first] = read;
  const compared = read.map((run, place): ComparedRun => {
    const isSame = place > 0 && run.digest !== undefined && run.digest === first!.digest;
    const { subject, resampled } = run;
    return {
      folder: run.folder,
      epochs: subject.rows.length,
      deciding: subject.deciding,
      best: subject.best,
      interval: resampled && resampledIntervals(resampled).metrics.AP,
      difference:
        isSame && resampled && first!.resampled
          ? resampledDifference(first!.resampled, resampled)
          : undefined,
      settings: subject.settings,
      ...(run.note === undefined ? {} : { note: run.note }),
    };
  });
  if (report !== undefined) {
    const subjects = read.map(({ subject, settings }, place) => ({
      ...subject,
      settings: [{ name: 'data', value: JSON.stringify(settings.data), usual: '–' }, ...subject.settings],
      interval: compared[place]!.interval,
    }));
    await makeFolder(report);
    const differences = compared.map(({ difference }) => difference);
    await writeWholeFile(join(report, 'index.html'), renderRunComparison({ runs: subjects, differences }));
  }
  return compared;
}
