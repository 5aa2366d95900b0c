import type { OnProblem } from '../../problems.ts';

/** Remarks that are reported once per file, however many records they apply to. */
const NOTES = {
  'number-as-text': 'numbers written as text are read as numbers',
  'not-a-number':
    'NaN or Infinity, which JSON does not allow; they are kept in ignored fields, and written as null',
  'box-from-outline': 'a segmentation without bbox gets its bounding box',
  'size-from-image': 'missing width and height are read from the image',
  'text-id': 'text ids are replaced by numbers',
} as const;

export type NoteKind = keyof typeof NOTES;

/** Adds a remark about a record. */
export type Note = (kind: NoteKind) => void;

/** Counts remarks while a file is read. */
export class FileNotes {
  readonly #found = new Map<NoteKind, { count: number; readonly first: string }>();

  /** @param place place of the record in the file */
  add(kind: NoteKind, place: string): void {
    const known = this.#found.get(kind);
    if (known) known.count++;
    else this.#found.set(kind, { count: 1, first: place });
  }

  report(file: string, report: OnProblem): void {
    for (const [kind, { count, first }] of this.#found) {
      const message = `${NOTES[kind]} (records: ${count.toLocaleString('en-US')}, first: ${first})`;
      report({ kind, place: file, message });
    }
  }
}
