type Column =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>;

/**
 * A longer copy of a typed array, filled up with zeros. Not a growable list class, because lists with several columns
 * share one count, and their inner loops write to the arrays directly.
 */
export function grown<T extends Column>(values: T, length: number): T {
  const longer = new (values.constructor as new (length: number) => T)(length);
  longer.set(values);
  return longer;
}
