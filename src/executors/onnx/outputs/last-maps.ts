import type { Shape } from '../cost/graph-cost.ts';
import type { OnnxFile } from '../read.ts';

/** Sides of an input in pixels. */
interface Sides {
  readonly width: number;
  readonly height: number;
}

/** After these a value is of no cell any more. */
const MIXING = /^(MatMul|Gemm|Einsum|FusedMatMul|Attention|MultiHeadAttention|GridSample|RoiAlign)$/;

/** Whether a shape is one of cells of an input: [N, channels, rows, columns] with as many pixels a cell both ways. */
export function areCells(shape: Shape | undefined, { width, height }: Sides): boolean {
  if (shape?.length !== 4) return false;
  const [, , rows, columns] = shape as [number, number, number, number];
  const stride = height / rows;
  return Number.isInteger(stride) && stride > 1 && stride * columns === width;
}

/**
 * The maps of cells that a graph's outputs are made of: on each way back from an output the first. Where predictions of
 * all grids are joined, they are what was joined.
 * @param shapes of the graph's values
 * @param input in pixels
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
