import { relative, resolve } from 'node:path';
import { type AnnotationRow, annotationTable, type Dataset } from '../../datasets/dataset.ts';
import { commonFolder } from '../../foundation/files/folders.ts';
import type { LabelJournal } from './journal.ts';

/** The labels as a data set. Boxes up to the score threshold are crowds, which training ignores. */
export function labeledDataset(
  journal: LabelJournal,
  images: readonly string[],
  classes: readonly string[],
  scoreThreshold: number,
  about: string,
): Dataset {
  const labeled = images.flatMap((image) => journal.lines.get(image) ?? []);
  const root = commonFolder(labeled.map(({ image }) => image));
  const rows: AnnotationRow[] = [];
  for (const [image, { boxes }] of labeled.entries()) {
    for (const [category, score, ...box] of boxes) {
      const area = box[2] * box[3];
      if (!(area > 0)) continue;
      rows.push({
        id: rows.length + 1,
        image,
        category,
        box,
        area,
        crowd: score <= scoreThreshold,
        extra: { score },
      });
    }
  }
  return {
    images: labeled.map(({ image, width, height }, index) => ({
      id: index + 1,
      fileName: relative(root, resolve(image)).replaceAll('\\', '/'),
      width,
      height,
    })),
    categories: classes.map((name, index) => ({ id: index + 1, name })),
    annotations: annotationTable(rows),
    imageFolder: root,
    extra: { info: { description: about } },
  };
}
