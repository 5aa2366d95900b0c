import { counted } from '../foundation/counted.ts';
import type { ImageNote } from './decode.ts';

/** An image with its note. */
export interface NotedImage {
  readonly image: string;
  readonly note: ImageNote;
}

/**
 * Returns one line for each kind of note: that of the first image, and the number of other images. Empty if there are
 * no notes.
 */
export function summarizeNotes(noted: readonly NotedImage[]): readonly string[] {
  const kinds = new Map<ImageNote['kind'], NotedImage[]>();
  for (const one of noted) kinds.set(one.note.kind, [...(kinds.get(one.note.kind) ?? []), one]);
  return [...kinds.values()].map(([first, ...others]) => {
    const more = others.length === 0 ? '' : ` (and ${counted(others.length, 'more image')} like it)`;
    return `${first!.image}: ${first!.note.message}${more}`;
  });
}
