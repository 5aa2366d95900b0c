import { dirname } from 'node:path';
import { fixRecords } from '../../../datasets/check/fix.ts';
import type { CheckedProblemKind } from '../../../datasets/check/kinds.ts';
import { renameImages } from '../../../datasets/check/rename-images.ts';
import type { CheckedSplit } from '../../../datasets/check/splits.ts';
import type { Dataset } from '../../../datasets/dataset.ts';
import { findImageFolder } from '../../../datasets/formats/coco/image-folder.ts';
import { writeCoco } from '../../../datasets/formats/coco/write.ts';
import { type DatasetProblem, isKept } from '../../../datasets/problems.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { option } from '../../../foundation/errors/named-options.ts';
import { checkFolder, makeFolder } from '../../../foundation/files/folders.ts';
import { checkOverwritesNone } from '../../../foundation/files/overwrites.ts';
import type { NamedSplit } from '../open-splits.ts';
import { countKinds } from '../problem-notes.ts';
import { refuseAmbiguousClasses } from '../refuse-ambiguous-classes.ts';
import { requireBoxes } from '../require-boxes.ts';

/** Path of the fixed data set, and descriptions of the changes. */
export interface FixedDataset {
  readonly path: string;
  readonly changes: readonly string[];
}

/**
 * Checks, before images are read, that the data set can be fixed: it has one split with boxes of known classes, and its
 * source would not be overwritten.
 * @param problems problems found while reading
 */
export async function checkFix(
  fix: string,
  splits: readonly NamedSplit[],
  data: readonly string[],
  problems: readonly DatasetProblem[],
): Promise<void> {
  refuseAmbiguousClasses(problems);
  if (splits.length > 1) {
    const labels = splits.map(({ label }) => label).join(', ');
    throw new MicroYoloError(
      'invalid-argument',
      `fix ${fix}: writes one file, but the data has the splits ${labels}; check one at a time with ${option('split')}`,
      { field: 'fix', received: fix },
    );
  }
  requireBoxes(splits[0]!.dataset);
  await checkOverwritesNone(fix, [...data, ...splits[0]!.files], 'its source', 'fix');
  await checkFolder(dirname(fix));
}

/** Problems found while reading that writing the data fixes, with descriptions of the change. */
const PUT_RIGHT: Partial<Record<CheckedProblemKind, string>> = {
  'repeated-record': 'duplicate records removed',
  'text-id': 'text ids replaced by numbers',
  'annotation-id': 'annotations numbered from 1',
  'number-as-text': 'numbers in quotes written as numbers',
  'not-a-number': 'NaN and Infinity written as null',
  'bad-area': "areas replaced by their boxes'",
  'box-from-outline': 'boxes taken from outlines',
  'size-from-image': 'sizes taken from the images',
};

/** @throws MicroYoloError `invalid-file` if no boxes would remain, so that the result would only look valid */
function refuseEmpty(
  fix: string,
  { annotations }: Dataset,
  before: Dataset,
  lost: readonly DatasetProblem[],
): void {
  if (annotations.count > 0 || (before.annotations.count === 0 && lost.length === 0)) return;
  const found = lost.length > 0 ? ` (${countKinds(lost)})` : '';
  const remedy = `check without ${option('fix')} for the list, and fix it by hand`;
  throw new MicroYoloError('invalid-file', `fix ${fix}: no box would be left${found}; ${remedy}`);
}

/**
 * Writes a COCO file with every problem fixed that needs no decision.
 * @param problems problems found while reading
 */
export async function writeFixed(
  fix: string,
  { dataset, facts }: CheckedSplit,
  problems: readonly DatasetProblem[],
): Promise<FixedDataset> {
  const fixed = fixRecords(dataset, facts);
  const lost = problems.filter(({ kind }) => !isKept(kind));
  refuseEmpty(fix, fixed.dataset, dataset, lost);
  const named = renameImages(fixed.dataset, await findImageFolder(fix));
  await makeFolder(dirname(fix));
  await writeCoco(named ?? fixed.dataset, fix);
  const left = lost.length > 0 ? [`unusable records left out: ${lost.length}`] : [];
  const ambiguous = lost.filter(({ kind }) => kind === 'duplicate-id').length;
  const unclear = ambiguous > 0 ? [`of these, images that share an id: ${ambiguous}`] : [];
  const put = [...new Set(problems.map(({ kind }) => PUT_RIGHT[kind]))].filter((what) => what !== undefined);
  const elsewhere = named
    ? []
    : [`images stay in ${dataset.imageFolder}: read with ${option('imageFolder')}`];
  return { path: fix, changes: [...left, ...unclear, ...put, ...fixed.changes, ...elsewhere] };
}
