/** Paired rows and columns, and unpaired ones, in ascending order. */
export interface Assignment {
  readonly pairs: readonly (readonly [row: number, column: number])[];
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/**
 * Finds the column of each row of a square matrix so that the total cost is minimal. Uses the Hungarian method with
 * shortest augmenting paths, O(n³).
 * @returns the column of each row
 */
function cheapestColumns(cost: readonly (readonly number[])[]): readonly number[] {
  const size = cost.length;
  // Indices start at 1. Row 0 and column 0 stand for none.
  const potentialOfRow = new Float64Array(size + 1);
  const potentialOfColumn = new Float64Array(size + 1);
  const rowOf = new Int32Array(size + 1);
  for (let row = 1; row <= size; row++) {
    const distance = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY);
    const from = new Int32Array(size + 1);
    const isUsed = new Uint8Array(size + 1);
    let column = 0;
    rowOf[0] = row;
    do {
      isUsed[column] = 1;
      const current = rowOf[column]!;
      let [least, next] = [Number.POSITIVE_INFINITY, 0];
      for (let other = 1; other <= size; other++) {
        if (isUsed[other]) continue;
        const reduced = cost[current - 1]![other - 1]! - potentialOfRow[current]! - potentialOfColumn[other]!;
        if (reduced < distance[other]!) {
          distance[other] = reduced;
          from[other] = column;
        }
        if (distance[other]! < least) [least, next] = [distance[other]!, other];
      }
      for (let other = 0; other <= size; other++) {
        if (isUsed[other]) {
          potentialOfRow[rowOf[other]!]! += least;
          potentialOfColumn[other]! -= least;
        } else distance[other]! -= least;
      }
      column = next;
    } while (rowOf[column] !== 0);
    while (column !== 0) {
      rowOf[column] = rowOf[from[column]!]!;
      column = from[column]!;
    }
  }
  const columns = new Array<number>(size);
  for (let column = 1; column <= size; column++) columns[rowOf[column]! - 1] = column - 1;
  return columns;
}

/** Groups of rows and columns that are connected by pairs cheaper than the limit. Each group is assigned separately. */
function components(cost: readonly (readonly number[])[], columnCount: number, limit: number) {
  const isSeen = { rows: new Set<number>(), columns: new Set<number>() };
  const groups: { readonly rows: number[]; readonly columns: number[] }[] = [];
  for (const first of cost.keys()) {
    if (isSeen.rows.has(first)) continue;
    isSeen.rows.add(first);
    const group = { rows: [first], columns: [] as number[] };
    for (const row of group.rows) {
      for (let column = 0; column < columnCount; column++) {
        if (!(cost[row]![column]! < limit) || isSeen.columns.has(column)) continue;
        isSeen.columns.add(column);
        group.columns.push(column);
        for (const other of cost.keys()) {
          if (!(cost[other]![column]! < limit) || isSeen.rows.has(other)) continue;
          isSeen.rows.add(other);
          group.rows.push(other);
        }
      }
    }
    if (group.columns.length > 0) groups.push(group);
  }
  return groups;
}

/**
 * Pairs rows with columns so that the total cost is minimal. Every unpaired row or column costs half of the limit, so
 * no pair costs more than the limit. This equals `lapjv` of the Python package lap with `extend_cost` and `cost_limit`.
 * @param cost [rows][columns]
 * @param columnCount number of columns, which is needed if there are no rows
 */
export function assign(cost: readonly (readonly number[])[], columnCount: number, limit: number): Assignment {
  const pairs: (readonly [number, number])[] = [];
  for (const { rows, columns } of components(cost, columnCount, limit)) {
    const size = rows.length + columns.length;
    // Extra columns stand for unpaired rows, extra rows for unpaired columns. An extra row and an extra column cost
    // nothing together.
    const extended = Array.from({ length: size }, (_, row) =>
      Array.from({ length: size }, (_, column) => {
        if (row < rows.length && column < columns.length) return cost[rows[row]!]![columns[column]!]!;
        return row >= rows.length && column >= columns.length ? 0 : limit / 2;
      }),
    );
    for (const [row, column] of cheapestColumns(extended).slice(0, rows.length).entries())
      if (column < columns.length) pairs.push([rows[row]!, columns[column]!]);
  }
  const [usedRows, usedColumns] = [
    new Set(pairs.map(([row]) => row)),
    new Set(pairs.map(([, column]) => column)),
  ];
  const left = (count: number, used: ReadonlySet<number>) =>
    Array.from({ length: count }, (_, index) => index).filter((index) => !used.has(index));
  return {
    pairs: pairs.sort(([a], [b]) => a - b),
    rows: left(cost.length, usedRows),
    columns: left(columnCount, usedColumns),
  };
}
