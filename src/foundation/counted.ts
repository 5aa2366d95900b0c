/**
 * A number with its noun, as in "1 box" or "1,200 boxes".
 * @param many plural of the noun. @default the noun with an s
 */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
