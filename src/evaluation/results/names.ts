import { basename, relative, resolve } from 'node:path';
import type { Dataset, DatasetImage } from '../../datasets/dataset.ts';
import { withoutEnding } from '../../datasets/image-name.ts';

function grouped(images: readonly DatasetImage[], key: (image: DatasetImage) => string) {
  const groups = new Map<string, DatasetImage[]>();
  for (const image of images) {
    const name = key(image);
    const group = groups.get(name);
    if (group) group.push(image);
    else groups.set(name, [image]);
  }
  return groups;
}

const slashed = (path: string) => path.replaceAll('\\', '/');

/** Finds a data set's images by their names in a results file. */
export class ImagesByName {
  readonly #folder: string;
  readonly #byFile: ReadonlyMap<string, readonly DatasetImage[]>;
  readonly #byBase: ReadonlyMap<string, readonly DatasetImage[]>;
  readonly #byStem: ReadonlyMap<string, readonly DatasetImage[]>;

  constructor({ images, imageFolder }: Pick<Dataset, 'images' | 'imageFolder'>) {
    this.#folder = resolve(imageFolder);
    this.#byFile = grouped(images, ({ fileName }) => fileName);
    this.#byBase = grouped(images, ({ fileName }) => basename(fileName));
    this.#byStem = grouped(images, ({ fileName }) => withoutEnding(basename(fileName)));
  }

  /**
   * Finds images by a path to the file, or a path inside the image folder. If it is unique, the file name without
   * folders, or without folders and extension, also matches. Returns several images if several records have the same
   * file.
   */
  find(name: string): readonly DatasetImage[] {
    const path = slashed(name);
    const inside = slashed(relative(this.#folder, resolve(name)));
    const exact = this.#byFile.get(inside) ?? this.#byFile.get(path);
    if (exact) return exact;
    const base = basename(path);
    const alike = this.#byBase.get(base) ?? this.#byStem.get(base) ?? [];
    const files = new Set(alike.map(({ fileName }) => fileName));
    const [file] = files;
    if (files.size > 1 || file === undefined) {
      const below = alike.filter(({ fileName }) => path.endsWith(`/${fileName}`));
      return new Set(below.map(({ fileName }) => fileName)).size === 1 ? below : [];
    }
    // If both names contain folders, one must be a suffix of the other: `dog/1.jpg` is not `cat/1.jpg`.
    const [a, b] = [`/${withoutEnding(path)}`, `/${withoutEnding(file)}`];
    const fits = !file.includes('/') || !path.includes('/') || a.endsWith(b) || b.endsWith(a);
    return fits ? alike : [];
  }
}
