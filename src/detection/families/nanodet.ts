import * as z from 'zod';
import { cellCount, forEachCell } from '../decoders/cells.ts';
import { areScores } from '../decoders/plausible.ts';
import { onlyOutput, shapeText } from '../decoders/ports.ts';
import { addScores } from '../decoders/scores.ts';
import { expectedDistance } from './distances.ts';
import { type Claim, defineFamily, type GraphFacts } from './family.ts';
import { CENTERED, IMAGENET_BGR } from './recipes.ts';
import { rowsOf } from './rows.ts';

const parameters = z.strictObject({
  /** Stride of each grid, in pixels of the input. */
  strides: z.array(z.number().int().positive()),
  /** Number of bins of each distance's distribution. */
  bins: z.number().int().positive(),
});

type Parameters = z.infer<typeof parameters>;

const BINS = [8, 11, 16, 17, 32] as const;

/** Recognizes an output [1, cells, classes + 4 · bins]. */
function cellsClaim(
  graph: GraphFacts,
  strides: readonly number[],
  names: number | undefined,
): Claim<Parameters> | undefined {
  const output = onlyOutput(graph, 3);
  const [, cells, channels] = output?.shape ?? [];
  if (!output || channels === undefined || graph.image.type === 'uint8') return undefined;
  if (cellCount(graph.image.width, graph.image.height, strides) !== cells) return undefined;
  // The usual number of bins, unless the number of names implies another.
  const fitting = BINS.filter((count) => channels > 4 * count);
  const named = fitting.find((count) => channels - 4 * count === names);
  const found = named ?? fitting[0];
  if (found === undefined) return undefined;
  const classCounts = named === undefined ? fitting.map((count) => channels - 4 * count) : undefined;
  const classCount = channels - 4 * found;
  return {
    by: 'shapes',
    evidence: `input "${graph.image.name}", output ${shapeText(output.shape)}: each cell at strides ${strides.join(', ')} has ${classCount} scores and 4 × ${found} distance bins`,
    parameters: { strides: [...strides], bins: found },
    classCount,
    classCounts,
  };
}

function family(
  name: string,
  title: string,
  strides: readonly number[],
  center: number,
  resize: 'stretch' | 'letterbox',
) {
  return defineFamily<Parameters>({
    name,
    title,
    license: 'Apache-2.0',
    iouThreshold: 0.6,
    evaluationThreshold: 0.05,
    multiLabel: true,
    size: 416,
    recipe: {
      ...IMAGENET_BGR,
      resize,
      letterbox: { ...CENTERED, unscale: 'exact' },
      resampling: 'bilinear',
      colorOrder: 'bgr',
      fill: 0,
    },
    parameters,
    claim(graph, { isAsked, names }) {
      const claim = cellsClaim(graph, strides, names);
      return isAsked || graph.image.name === 'data' ? claim : undefined;
    },
    isPlausible(outputs, { bins: count }) {
      const rows = [...rowsOf(Object.values(outputs)[0]!)];
      const classes = rows[0]!.length - 4 * count;
      return (
        areScores(rows.flatMap((row) => [...row.subarray(0, classes)])) &&
        !areScores(rows.flatMap((row) => [...row.subarray(classes)]))
      );
    },
    decode(outputs, { strides: own, bins }, view, add) {
      const { data, shape } = Object.values(outputs)[0]!;
      const channels = shape.at(-1)!;
      const classes = channels - 4 * bins;
      const { width, height } = view.input;
      const distance = (at: number, side: number) => expectedDistance(data, at + classes + side * bins, bins);
      forEachCell(width, height, own, (index, column, row, stride) => {
        const at = index * channels;
        addScores(data, at, 1, classes, 1, view, (score, classId) => {
          const [x, y] = [(column + center) * stride, (row + center) * stride];
          add(
            Math.max(0, x - distance(at, 0) * stride),
            Math.max(0, y - distance(at, 1) * stride),
            Math.min(width, x + distance(at, 2) * stride),
            Math.min(height, y + distance(at, 3) * stride),
            score,
            classId,
          );
        });
      });
    },
  });
}

/** NanoDet-Plus: four grids, distances from each cell's corner, stretched images. */
export const nanodetPlus = family('nanodet-plus', 'NanoDet-Plus', [8, 16, 32, 64], 0, 'stretch');

/** NanoDet before Plus: three grids, distances from each cell's center, letterboxed images. */
export const nanodet = family('nanodet', 'NanoDet', [8, 16, 32], 0.5, 'letterbox');
