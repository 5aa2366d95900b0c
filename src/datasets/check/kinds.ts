import type { DatasetProblemKind } from '../problems.ts';

/** Kinds of problems. Beyond those of readers, they need a check of the images or of all annotations together. */
export type CheckedProblemKind =
  | DatasetProblemKind
  | 'unlisted-images'
  | 'unlisted-annotations'
  | 'torn-image'
  | 'wrong-image-size'
  | 'resized-image'
  | 'repeated-image-file'
  | 'same-image-twice'
  | 'image-in-two-splits'
  | 'near-duplicate-in-two-splits'
  | 'box-beyond-edge'
  | 'box-outside-image'
  | 'tiny-box'
  | 'duplicate-box'
  | 'repeated-category-name'
  | 'unused-category'
  | 'background-image'
  | 'no-objects';

/** A problem at one place. */
export interface CheckedProblem {
  readonly kind: CheckedProblemKind;
  /** Place, for people. */
  readonly place: string;
  /** The value found, and the expectation. */
  readonly message: string;
  /** Number of images, files, lines or boxes with the problem. @default 1 */
  readonly count?: number;
}

/** Errors lose data or distort measurements. Warnings may do so. Notes are information. */
export type Severity = 'error' | 'warning' | 'note';

/** Severity of each kind, and its title in tables. */
export const PROBLEM_KINDS: Readonly<
  Record<CheckedProblemKind, { readonly severity: Severity; readonly title: string }>
> = {
  'bad-annotation-file': { severity: 'error', title: 'annotation file missing or unreadable' },
  'missing-image-file': { severity: 'error', title: 'image file missing' },
  'bad-image-file': { severity: 'error', title: 'image cannot be decoded' },
  'bad-image-record': { severity: 'error', title: 'image record unusable' },
  'unsafe-path': { severity: 'error', title: 'image file outside the folder' },
  'bad-category': { severity: 'error', title: 'category unusable' },
  'duplicate-id': { severity: 'error', title: 'id shared by two images' },
  'ambiguous-category': { severity: 'error', title: 'id shared by two categories' },
  'missing-image-record': { severity: 'error', title: 'annotation without its image' },
  'unknown-category': { severity: 'error', title: 'unknown category' },
  'bad-annotation': { severity: 'error', title: 'annotation unusable' },
  'bad-box': { severity: 'error', title: 'box not four numbers, or negative' },
  'wrong-image-size': { severity: 'error', title: 'image size differs from the stated one' },
  'repeated-image-file': { severity: 'error', title: 'image file listed twice' },
  'image-in-two-splits': { severity: 'error', title: 'same image in two splits' },
  'box-outside-image': { severity: 'error', title: 'box entirely outside its image' },
  'bad-area': { severity: 'error', title: "invalid area, replaced by the box's" },
  'no-objects': { severity: 'warning', title: 'split without objects' },
  'annotation-id': { severity: 'warning', title: 'annotation ids repeated, missing or not whole numbers' },
  'zero-annotation-id': { severity: 'warning', title: 'annotation id 0' },
  'empty-box': { severity: 'warning', title: 'box without area' },
  'torn-image': { severity: 'warning', title: 'truncated image file' },
  'box-beyond-edge': { severity: 'warning', title: 'box beyond the edge of its image' },
  'tiny-box': { severity: 'warning', title: 'box of one pixel or less' },
  'duplicate-box': { severity: 'warning', title: 'same box twice' },
  'same-image-twice': { severity: 'warning', title: 'two files with the same bytes' },
  'near-duplicate-in-two-splits': { severity: 'warning', title: 'near-identical image in two splits' },
  'repeated-category-name': { severity: 'warning', title: 'category name used twice' },
  'repeated-record': { severity: 'note', title: 'record listed twice' },
  'text-id': { severity: 'note', title: 'text ids' },
  'number-as-text': { severity: 'note', title: 'numbers written as text' },
  'not-a-number': { severity: 'note', title: 'NaN in ignored fields' },
  'box-from-outline': { severity: 'note', title: 'boxes taken from outlines' },
  'size-from-image': { severity: 'note', title: 'image sizes taken from their files' },
  'stray-labels': { severity: 'warning', title: 'label files without an image' },
  'unannotated-images': { severity: 'warning', title: 'images without XML, skipped' },
  'unnamed-class': { severity: 'warning', title: 'class without a name' },
  'short-outlines': { severity: 'warning', title: 'outlines of three points, or tracks' },
  'extra-numbers': { severity: 'note', title: 'a sixth number in a label line' },
  'shared-labels': { severity: 'note', title: 'one label file for several images' },
  'unlisted-images': { severity: 'note', title: 'images without a record' },
  'unlisted-annotations': { severity: 'note', title: 'XML files in no list' },
  'unlabeled-images': { severity: 'note', title: 'images without a label file' },
  outlines: { severity: 'note', title: 'outlines, read as boxes' },
  'cut-boxes': { severity: 'note', title: 'boxes clipped at the edge' },
  'resized-image': { severity: 'note', title: 'image resized after labeling' },
  'unused-category': { severity: 'note', title: 'category without boxes' },
  'background-image': { severity: 'note', title: 'image without annotations' },
};
