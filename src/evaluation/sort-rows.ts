import type { DetectionTable, EvaluationInput, TruthTable } from './tables.ts';

/** Rows of a table, sorted by category, then by image. Rows of one image keep the order of the table. */
export interface SortedRows {
  readonly rows: Int32Array;
  /** End index of each category's rows. */
  readonly ends: Int32Array;
}

/** Stable counting sort of rows by a key from 0 to keyCount − 1. */
export function sortBy(rows: Int32Array, keys: Int32Array, keyCount: number): SortedRows {
  const ends = new Int32Array(keyCount);
  for (const row of rows) ends[keys[row]!]!++;
  for (let key = 1; key < keyCount; key++) ends[key]! += ends[key - 1]!;
  const sorted = new Int32Array(rows.length);
  const next = ends.slice();
  for (let i = rows.length - 1; i >= 0; i--) sorted[--next[keys[rows[i]!]!]!] = rows[i]!;
  return { rows: sorted, ends };
}

/**
 * Sorts rows for evaluation.
 * @param useCategories if false, all rows form one category, sorted by image, then by category, as in pycocotools
 */
export function sortRows(
  table: TruthTable | DetectionTable,
  { imageIds, categoryIds }: EvaluationInput,
  useCategories: boolean,
): SortedRows {
  const all = Int32Array.from({ length: table.count }, (_, row) => row);
  if (useCategories) {
    return sortBy(sortBy(all, table.images, imageIds.length).rows, table.categories, categoryIds.length);
  }
  const byCategory = sortBy(all, table.categories, categoryIds.length).rows;
  return { rows: sortBy(byCategory, table.images, imageIds.length).rows, ends: Int32Array.of(table.count) };
}
