/** Where the file name starts, after the last `/` or `\`. */
const nameStart = (path: string) => Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;

/** Removes the extension from a name or path. A leading dot, as in `.jpg`, does not start an extension. */
export function withoutEnding(path: string): string {
  const start = nameStart(path);
  const dot = path.lastIndexOf('.');
  return dot > start && path.slice(start) !== '..' ? path.slice(0, dot) : path;
}

/** File name without folders and extension. */
export function stemOf(path: string): string {
  return withoutEnding(path.slice(nameStart(path)));
}
