import type { Dataset } from '../../datasets/dataset.ts';
import type { EvaluationInput } from '../tables.ts';
import type { Analysis } from './analyze.ts';
import type { ScoreCurves } from './score-curves.ts';

/** Converts an analysis to JSON, with names of classes and images instead of indices. */
export function describeAnalysis(dataset: Dataset, input: EvaluationInput, analysis: Analysis) {
  const nameOf = new Map(dataset.categories.map(({ id, name }) => [id, name]));
  const names = input.categoryIds.map((id) => nameOf.get(id)!);
  const fileOf = new Map(dataset.images.map(({ id, fileName }) => [id, fileName]));
  const file = (image: number) => fileOf.get(input.imageIds[image]!)!;
  const { truths, detections } = input;
  const truth = (row: number) => ({
    id: truths.ids[row]!,
    class: names[truths.categories[row]!]!,
    box: [...truths.boxes.subarray(4 * row, 4 * row + 4)],
  });
  const detection = (row: number) => ({
    class: names[detections.categories[row]!]!,
    score: detections.scores[row]!,
    box: [...detections.boxes.subarray(4 * row, 4 * row + 4)],
  });
  const curves = ({ categoryId, ...own }: ScoreCurves) => ({
    class: categoryId === undefined ? null : nameOf.get(categoryId)!,
    ...own,
  });
  const { counts, ...confusion } = analysis.confusion;
  const side = names.length + 1;
  return {
    bootstrap: {
      ...analysis.bootstrap,
      classes: analysis.bootstrap.classes.map((own, k) => ({ class: names[k]!, ...own })),
    },
    tide: analysis.tide,
    workingThreshold: analysis.workingThreshold,
    curves: { all: curves(analysis.curves.all), classes: analysis.curves.classes.map(curves) },
    confusion: {
      ...confusion,
      /** Rows of `counts` are true classes, columns are detected classes. */
      classes: [...names, 'background'],
      counts: Array.from({ length: side }, (_, row) => [...counts.subarray(row * side, (row + 1) * side)]),
    },
    calibration: analysis.calibration,
    aspects: analysis.aspects,
    crowding: analysis.crowding,
    overlaps: analysis.overlaps,
    images: analysis.images.map(({ image, kinds, unfound, detections: judged }) => ({
      image: file(image),
      kinds,
      unfound: unfound.map(truth),
      detections: judged.map(({ row, verdict }) => ({ ...detection(row), verdict })),
    })),
    suspects: analysis.suspects.map(({ kind, image, detection: found, truth: labeled }) => ({
      kind,
      image: file(image),
      truth: labeled < 0 ? null : truth(labeled),
      detection: found < 0 ? null : detection(found),
    })),
  };
}

export type DescribedAnalysis = ReturnType<typeof describeAnalysis>;
