import type { OnProblem } from '../problems.ts';

/** What a file is told once, however many of its records have it. */
const NOTES = {
  'number-as-text': 'records have numbers written as text, which are read as numbers',
  'not-a-number':
    'records hold NaN or Infinity, which JSON lacks; in fields that are not read it is kept, and written as null',
  'box-from-outline': 'annotations have a segmentation and no bbox: their boxes are those around it',
  'size-from-image': 'images have no width and height, which are read from their files',
  'text-id': 'ids are text, and are numbered',
} as const;

export type NoteKind = keyof typeof NOTES;

/** Takes down what was noticed of a record. */
export type Note = (kind: NoteKind) => void;

/** Counts what is noticed while a file is read. */
export class FileNotes {
  readonly #found = new Map<NoteKind, { count: number; readonly first: string }>();

  /** @param place of the record in the file */
  add(kind: NoteKind, place: string): void {
    const known = this.#found.get(kind);
    if (known) known.count++;
    else this.#found.set(kind, { count: 1, first: place });
  }

  report(file: string, report: OnProblem): void {
    for (const [kind, { count, first }] of this.#found) {
      const message = `${count.toLocaleString('en-US')} ${NOTES[kind]} (first: ${first})`;
      report({ kind, place: file, message });
    }
  }
}
