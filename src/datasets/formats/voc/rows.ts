import { placeOfClass } from '../../../foundation/classes/class-synonyms.ts';
import type { AnnotationRow, Category, DatasetImage } from '../../dataset.ts';
import { type OnProblem, shown } from '../../problems.ts';
import { fromVoc, type VocBoxes } from './boxes.ts';
import type { VocFile, VocObject } from './parse.ts';

function readBox(box: unknown): readonly [number, number, number, number] | undefined {
  if (typeof box !== 'object' || box === null) return undefined;
  const sides = box as Readonly<Record<string, unknown>>;
  const side = (name: string) => {
    const text = Object.hasOwn(sides, name) ? sides[name] : undefined;
    return typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
  };
  const four = [side('xmin'), side('ymin'), side('xmax'), side('ymax')] as const;
  return four.every(Number.isFinite) ? four : undefined;
}

const NO_NAME = 'expected a class name';

/** Collects the images and annotations of a data set, file by file. */
export class VocRows {
  readonly images: DatasetImage[] = [];
  readonly annotations: AnnotationRow[] = [];
  readonly #classes: readonly string[];
  readonly #boxes: VocBoxes;
  readonly #report: OnProblem;

  constructor(categories: readonly Category[], boxes: VocBoxes, report: OnProblem) {
    this.#classes = categories.map(({ name }) => name);
    this.#boxes = boxes;
    this.#report = report;
  }

  addImage(file: VocFile, fileName: string, path: string): void {
    const { width, height, extra } = file;
    this.images.push({ id: this.images.length + 1, fileName, width, height, extra });
    for (const [index, object] of file.objects.entries()) {
      this.#addObject(object, `${path}: object[${index}]`);
    }
  }

  #addObject({ name, box: bndbox, extra }: VocObject, place: string): void {
    const category = typeof name === 'string' ? placeOfClass(name, this.#classes) : -1;
    if (category < 0) {
      const isName = typeof name === 'string' && name !== '';
      const expected = isName ? `expected one of the ${this.#classes.length} classes` : NO_NAME;
      this.#report({ kind: 'unknown-category', place, message: `name ${shown(name)}, ${expected}` });
      return;
    }
    const corners = readBox(bndbox);
    const box = corners && fromVoc(corners, this.#boxes);
    if (!corners || !box || box[2] < 0 || box[3] < 0) {
      const expected = 'expected xmin, ymin, xmax and ymax, with xmin < xmax and ymin < ymax';
      this.#report({ kind: 'bad-box', place, message: `bndbox ${shown(bndbox)}, ${expected}` });
      return;
    }
    if (corners[2] <= corners[0] || corners[3] <= corners[1]) {
      const message = `bndbox ${shown(corners)} (xmin, ymin, xmax, ymax) is a point or a line; it is kept`;
      this.#report({ kind: 'empty-box', place, message });
    }
    const [id, image] = [this.annotations.length + 1, this.images.length - 1];
    this.annotations.push({ id, image, category, box, area: box[2] * box[3], crowd: false, extra });
  }
}
