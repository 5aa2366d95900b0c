import type { Dataset } from '../../datasets/dataset.ts';
import { evaluateDetections } from '../../evaluation/report.ts';
import { matchResults } from '../../evaluation/results/file.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';

/**
 * Evaluates the detections of a results file on a data set.
 * @throws MicroYoloError `invalid-file` if no detection can count
 */
export async function evaluateResults(path: string, dataset: Dataset) {
  const { detections, leftOut, notes } = await matchResults(path, dataset);
  const report = evaluateDetections(dataset, detections, path);
  const all = { notes: [...notes, ...report.notes], leftOut: report.leftOut + leftOut };
  const count = detections.count + leftOut;
  if (count > 0 && all.leftOut === count) {
    // If no detection is left, the notes of the evaluation are consequences, not causes.
    const causes = detections.count === 0 ? notes : all.notes;
    throw new MicroYoloError(
      'invalid-file',
      `${path}: none of its ${count} detections can count: ${causes.join('; ')}`,
      { path },
    );
  }
  return { detections, report: { ...report, ...all } };
}
