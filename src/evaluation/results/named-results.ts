import { haveOneAspect, sizeOfBoxes } from '../../boxes/aspect.ts';
import type { Dataset, DatasetImage } from '../../datasets/dataset.ts';
import { counted } from '../../foundation/counted.ts';
import { firstNames, MicroYoloError } from '../../foundation/errors/errors.ts';
import { categoriesByName } from '../class-mapping.ts';
import type { DetectionList } from '../detection-list.ts';
import { ImagesByName } from './names.ts';
import type { ImageResults, ResultsRow } from './row.ts';
import type { ResultsList } from './shape.ts';

/** The default score threshold of `detect` is too high for mAP, so higher minimum scores get a note. */
const LOW_SCORE = 0.05;

function namesById(records: readonly unknown[], field: string): ReadonlyMap<number, string> {
  const entries = records.flatMap((record): readonly (readonly [number, string])[] => {
    const { id, [field]: name } = (record ?? {}) as Readonly<Record<string, unknown>>;
    return typeof id === 'number' && typeof name === 'string' ? [[id, name]] : [];
  });
  return new Map(entries);
}

const total = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, n) => sum + n, 0);

interface NamedRow extends Omit<ResultsRow, 'image'> {
  readonly image: number;
}

/** Collects detections with names instead of ids, until a data set resolves the names. */
export class NamedResults {
  readonly #dataset: Dataset | undefined;
  readonly #path: string;
  readonly #images: ImagesByName;
  readonly #ownImages: ReadonlyMap<number, string>;
  readonly #ownCategories: ReadonlyMap<number, string>;
  readonly #rows: NamedRow[] = [];
  /** Name in the results file, by image id in the data set. */
  readonly #owners = new Map<number, string>();
  readonly #foreignImages = new Map<string, number>();
  readonly #turned: string[] = [];
  #ofDetect = 0;

  constructor(dataset: Dataset | undefined, { images, categories }: ResultsList, path: string) {
    this.#dataset = dataset;
    this.#path = path;
    this.#images = new ImagesByName(dataset ?? { images: [], imageFolder: '' });
    this.#ownImages = dataset ? namesById(images, 'file_name') : new Map();
    this.#ownCategories = dataset ? namesById(categories, 'name') : new Map();
  }

  /** Whether the file defines its own ids. */
  get renumbers(): boolean {
    return this.#ownImages.size > 0 || this.#ownCategories.size > 0;
  }

  add(row: ResultsRow): void {
    const image = typeof row.image === 'number' ? (this.#ownImages.get(row.image) ?? row.image) : row.image;
    const category =
      typeof row.category === 'number'
        ? (this.#ownCategories.get(row.category) ?? row.category)
        : row.category;
    if (typeof image === 'number') this.#rows.push({ ...row, image, category });
    else this.#take(image, this.#find(image), [{ ...row, category }]);
  }

  /** Adds an image of `detect --json`. Its boxes are scaled if the data set has the image in another size. */
  addImage({ image, width, height, rows }: ImageResults): void {
    this.#ofDetect++;
    const found = this.#find(image);
    const [first] = found;
    const size = width !== undefined && height !== undefined ? { width, height } : undefined;
    if (!first || !size || !(first.width > 0)) {
      this.#take(image, found, rows);
      return;
    }
    if (!haveOneAspect(size, first)) this.#turned.push(image);
    const truth = sizeOfBoxes(size, first);
    const [scaleX, scaleY] = [truth.width / size.width, truth.height / size.height];
    const scaled = rows.map((row) => ({
      ...row,
      box: row.box.map((side, place) => side * (place % 2 === 0 ? scaleX : scaleY)),
    }));
    this.#take(image, found, scaled);
  }

  #find(image: string): readonly DatasetImage[] {
    if (this.#dataset) return this.#images.find(image);
    throw new MicroYoloError(
      'invalid-file',
      `${this.#path}: names image ${JSON.stringify(image)}, expected ids; evaluate it together with its data set, which names the images`,
    );
  }

  #take(name: string, images: readonly DatasetImage[], rows: readonly ResultsRow[]): void {
    if (images.length === 0)
      this.#foreignImages.set(name, (this.#foreignImages.get(name) ?? 0) + rows.length);
    for (const { id, fileName } of images) {
      const owner = this.#owners.get(id) ?? name;
      if (owner !== name) {
        throw new MicroYoloError(
          'invalid-file',
          `${this.#path}: images ${owner} and ${name} both match ${fileName} in the data; remove the one that does not belong to it`,
        );
      }
      this.#owners.set(id, name);
      for (const row of rows) this.#rows.push({ ...row, image: id });
    }
  }

  /** Adds the detections whose names the data set resolves, and returns notes on the others. */
  matchInto(detections: DetectionList): { readonly leftOut: number; readonly notes: readonly string[] } {
    const categories = this.#dataset?.categories ?? [];
    const labels = [
      ...new Set(this.#rows.flatMap(({ category }) => (typeof category === 'string' ? [category] : []))),
    ];
    if (!this.#dataset && labels[0] !== undefined) {
      throw new MicroYoloError(
        'invalid-file',
        `${this.#path}: category_id ${JSON.stringify(labels[0])}, expected a whole number; evaluate it together with its data set, which names the classes`,
      );
    }
    const ids = categoriesByName(labels, categories);
    const idOf = new Map(labels.map((label, place) => [label, ids[place]]));
    const foreignClasses = new Map<string, number>();
    let lowest = Number.POSITIVE_INFINITY;
    for (const { image, category, box, score } of this.#rows) {
      const id = typeof category === 'number' ? category : idOf.get(category);
      lowest = Math.min(lowest, score);
      if (id !== undefined) detections.add(image, id, box, score);
      else foreignClasses.set(String(category), (foreignClasses.get(String(category)) ?? 0) + 1);
    }
    const [ofImages, ofClasses] = [total(this.#foreignImages), total(foreignClasses)];
    const notes: string[] = [];
    const known = firstNames(categories.map(({ name }) => name));
    if (ofClasses > 0) {
      const names = firstNames([...foreignClasses.keys()]);
      notes.push(
        `${counted(ofClasses, 'detection')} left out: the data has no class ${names}, only ${known}`,
      );
    }
    if (this.#foreignImages.size > 0) {
      const files = firstNames(this.#dataset?.images.map(({ fileName }) => fileName) ?? []);
      notes.push(
        `${counted(ofImages, 'detection')} left out: ${counted(this.#foreignImages.size, 'image is', 'images are')} not in the data (${firstNames([...this.#foreignImages.keys()])}), which has ${files}`,
      );
    }
    if (this.#ofDetect > 0) notes.push(...this.#detectNotes(lowest));
    return { leftOut: ofImages + ofClasses, notes };
  }

  #detectNotes(lowest: number): readonly string[] {
    const notes: string[] = [];
    const unseen = (this.#dataset?.images.length ?? 0) - this.#owners.size;
    if (unseen > 0)
      notes.push(
        `${counted(unseen, 'image of the data is', 'images of the data are')} not in the file: their objects count as missed`,
      );
    if (this.#turned.length > 0) {
      const names = firstNames(this.#turned);
      notes.push(
        `${counted(this.#turned.length, 'image has', 'images have')} another aspect ratio than the data states, so true boxes may be in other places (${names})`,
      );
    }
    if (lowest > LOW_SCORE && lowest < Number.POSITIVE_INFINITY) {
      notes.push(
        `no detection scores less than ${lowest.toFixed(3)}: mAP counts lower ones too; detect with a score threshold of 0.001 to compare it with others`,
      );
    }
    return notes;
  }
}
