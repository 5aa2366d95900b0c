/** A name or path without its ending. A leading dot begins no ending, as in `.jpg`. */
export function withoutEnding(path: string): string {
  const start = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  const dot = path.lastIndexOf('.');
  return dot > start && path.slice(start) !== '..' ? path.slice(0, dot) : path;
}

/** A file's name without its folders and its ending. */
export function stemOf(path: string): string {
  return withoutEnding(path.slice(path.lastIndexOf('/') + 1));
}
