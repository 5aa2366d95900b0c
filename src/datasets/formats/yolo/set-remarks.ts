import { counted } from '../../../foundation/counted.ts';
import type { Category } from '../../dataset.ts';
import type { DatasetProblem, DatasetRemarkKind } from '../../problems.ts';
import type { LineRemark, YoloLabel } from './label-line.ts';

const LINES: readonly (readonly [LineRemark, DatasetRemarkKind, (count: string) => string])[] = [
  ['outline', 'outlines', (count) => `${count} with an outline: the box around its points is used`],
  [
    'short-outline',
    'short-outlines',
    (count) =>
      `${count} with 7 numbers, read as outlines of 3 points; if they are a box, a confidence and a track id, remove the last two numbers`,
  ],
  [
    'extra-number',
    'extra-numbers',
    (count) => `${count} with a sixth number, which looks like a confidence; it is ignored`,
  ],
  ['cut', 'cut-boxes', (count) => `${count} with a box slightly outside the image, clipped at its edge`],
];

/** Collects remarks that are reported once per split. */
export class SetRemarks {
  readonly #place: string;
  readonly #lines = new Map<LineRemark, number>();
  readonly #boxes = new Map<number, number>();

  /** @param place source of the split, for messages */
  constructor(place: string) {
    this.#place = place;
  }

  add({ index, remarks }: YoloLabel): void {
    this.#boxes.set(index, (this.#boxes.get(index) ?? 0) + 1);
    for (const remark of remarks) this.#lines.set(remark, (this.#lines.get(remark) ?? 0) + 1);
  }

  /** Remarks about lines, and about boxes whose class has no name. */
  ofLines(categories: readonly Category[], unnamed: ReadonlySet<number>): readonly DatasetProblem[] {
    const lines = LINES.flatMap(([remark, kind, text]) => {
      const count = this.#lines.get(remark) ?? 0;
      return count === 0 ? [] : [this.#remark(kind, count, text(counted(count, 'line')))];
    });
    const boxes = categories.flatMap(({ id, name }) => {
      const count = unnamed.has(id) ? (this.#boxes.get(id) ?? 0) : 0;
      if (count === 0) return [];
      const message = `${counted(count, 'box', 'boxes')} of class ${id}, which has no name in the list; it is called "${name}"`;
      return [this.#remark('unnamed-class', count, message)];
    });
    return [...lines, ...boxes];
  }

  /** Remarks about files. `stray` label files belong to no image. */
  ofFiles(
    images: number,
    labelFiles: readonly string[],
    stray: readonly string[],
  ): readonly DatasetProblem[] {
    const unlabeled = images - labelFiles.length;
    const without = `${counted(unlabeled, 'image')} ${unlabeled === 1 ? 'has' : 'have'} no label file`;
    const shared = labelFiles.length - new Set(labelFiles).size;
    const remarks: DatasetProblem[] = [];
    if (stray.length > 0) {
      const files = `${counted(stray.length, 'label file')} ${stray.length === 1 ? 'belongs' : 'belong'} to no image`;
      remarks.push(
        this.#remark('stray-labels', stray.length, `${files}, ${without}; the first is ${stray[0]}`),
      );
    } else if (unlabeled > 0) {
      remarks.push(
        this.#remark(
          'unlabeled-images',
          unlabeled,
          `${without}, and ${unlabeled === 1 ? 'counts' : 'count'} as background`,
        ),
      );
    }
    if (shared > 0) {
      const repeated = labelFiles.find((file, place) => labelFiles.indexOf(file) !== place);
      const message = `${counted(shared, 'image')} with the label file of another image, such as ${repeated}; both get its boxes`;
      remarks.push(this.#remark('shared-labels', shared, message));
    }
    return remarks;
  }

  #remark(kind: DatasetRemarkKind, count: number, message: string): DatasetProblem {
    return { kind, place: this.#place, message, count };
  }
}
