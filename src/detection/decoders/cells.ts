/** Number of cells in square grids over an input. */
export function cellCount(width: number, height: number, strides: readonly number[]): number {
  return strides.reduce((sum, stride) => sum + Math.ceil(width / stride) * Math.ceil(height / stride), 0);
}

/** Visits the cells of grids over an input, one grid after another, in row-major order. */
export function forEachCell(
  width: number,
  height: number,
  strides: readonly number[],
  visit: (index: number, column: number, row: number, stride: number) => void,
): void {
  let index = 0;
  for (const stride of strides) {
    const [columns, rows] = [Math.ceil(width / stride), Math.ceil(height / stride)];
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) visit(index++, column, row, stride);
    }
  }
}
