import type { ImageNote } from './decode.ts';

/** An image and what to know about it. */
export interface NotedImage {
  readonly image: string;
  readonly note: ImageNote;
}

/** One line for each kind of note: the first image's, and how many more there are. Empty without notes. */
export function summarizeNotes(noted: readonly NotedImage[]): readonly string[] {
  const kinds = new Map<ImageNote['kind'], NotedImage[]>();
  for (const one of noted) kinds.set(one.note.kind, [...(kinds.get(one.note.kind) ?? []), one]);
  return [...kinds.values()].map(([first, ...others]) => {
    const count = others.length === 1 ? '1 more image' : `${others.length} more images`;
    const more = others.length === 0 ? '' : ` (and ${count} alike)`;
    return `${first!.image}: ${first!.note.message}${more}`;
  });
}
