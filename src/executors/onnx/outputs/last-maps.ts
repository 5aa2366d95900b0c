import type { Shape } from '../cost/graph-cost.ts';
import type { OnnxFile } from '../read.ts';

/** Sides of an input, in pixels. */
interface Sides {
  readonly width: number;
  readonly height: number;
}

/** After these operators, a value no longer belongs to a cell. */
const MIXING = /^(MatMul|Gemm|Einsum|FusedMatMul|Attention|MultiHeadAttention|GridSample|RoiAlign)$/;

/**
 * Whether a shape is that of a feature map: [N, channels, rows, columns], with the same integer stride for rows and
 * columns.
 */
export function areCells(shape: Shape | undefined, { width, height }: Sides): boolean {
  if (shape?.length !== 4) return false;
  const [, , rows, columns] = shape as [number, number, number, number];
  const stride = height / rows;
  return Number.isInteger(stride) && stride > 1 && stride * columns === width;
}

/**
 * Finds the last feature maps before a graph's outputs. Each path back from an output ends at the first feature map. If
 * the predictions of all grids are concatenated, the result contains the map of each grid.
 * @param shapes shapes of the graph's values
 * @param input size of the input, in pixels
 */
export function lastMaps(
  { nodes, outputs }: OnnxFile,
  shapes: ReadonlyMap<string, Shape>,
  input: Sides,
): readonly string[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const seen = new Set<string>();
  const found: string[] = [];
  const open = outputs.map(({ name }) => name);
  while (open.length > 0) {
    const name = open.pop()!;
    const maker = makers.get(name);
    if (!maker || seen.has(name)) continue;
    seen.add(name);
    if (areCells(shapes.get(name), input)) found.push(name);
    else if (!MIXING.test(maker.operator)) open.push(...maker.inputs);
  }
  return found;
}
