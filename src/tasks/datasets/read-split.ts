import type { Dataset } from '../../datasets/dataset.ts';
import { openDataset } from '../../datasets/open/description.ts';
import type { OpenDatasetOptions } from '../../datasets/source.ts';
import { counted } from '../../foundation/counted.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';

export interface ReadSplitOptions extends OpenDatasetOptions {
  /** @default 'val', or the only one */
  readonly split?: string | undefined;
}

const isObject = ({ annotations: { crowd } }: Dataset, row: number) => crowd[row] === 0;

/** A split of a data set. */
export interface NamedSplit {
  readonly split: string;
  readonly dataset: Dataset;
}

/** Like `readNamedSplit`, without the name. */
export async function readSplit(path: string, options: ReadSplitOptions): Promise<Dataset> {
  return (await readNamedSplit(path, options)).dataset;
}

/**
 * Reads the split of a data set to evaluate on.
 * @throws MicroYoloError if it cannot be used; `invalid-argument` if none is named and there is no split `val`;
 * `invalid-file` if it has no images or objects
 */
export async function readNamedSplit(path: string, options: ReadSplitOptions): Promise<NamedSplit> {
  const { split: asked, onProblem } = options;
  let problems = 0;
  const source = await openDataset(path, {
    ...options,
    onProblem: (problem) => {
      problems++;
      onProblem?.(problem);
    },
  });
  const { splits } = source;
  const split = asked ?? (splits.length === 1 ? splits[0]! : 'val');
  const others = splits.filter((name) => name !== split);
  // The training split is suggested last, because figures on it say the least about a model.
  const other = others.find((name) => name !== 'train') ?? others[0];
  const remedy =
    other === undefined ? 'check the path' : `name another with ${optionValues({ split: other })}`;
  if (!splits.includes(split) && asked === undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `${path}: has no split val, only ${splits.join(', ')}; name one with ${optionValues({ split: other! })}`,
    );
  }
  const dataset = await source.read(split);
  if (problems > 0 && dataset.images.length === 0) return { split, dataset };
  if (dataset.images.length === 0)
    throw new MicroYoloError('invalid-file', `${path}: split ${split} has no images; ${remedy}`, { path });
  const { count } = dataset.annotations;
  for (let row = 0; row < count; row++) if (isObject(dataset, row)) return { split, dataset };
  throw new MicroYoloError(
    'invalid-file',
    `${path}: split ${split} has no objects in ${counted(dataset.images.length, 'image')}${count > 0 ? ', only crowds' : ''}; label some, or ${remedy}`,
    { path },
  );
}
