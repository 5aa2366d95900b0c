import * as z from 'zod';
import { cellCount, forEachCell } from '../../decoders/cells.ts';
import { areCorners, arePixels, areScores } from '../../decoders/plausible.ts';
import { onlyOutput, shapeText } from '../../decoders/ports.ts';
import { parsePythonDict } from '../../decoders/python-literal.ts';
import { addScores } from '../../decoders/scores.ts';
import { type Claim, defineFamily, type Family, type GraphFacts } from '../family.ts';
import { CORNER } from '../recipes.ts';
import { rowsOf } from '../rows.ts';

const parameters = z.strictObject({
  /** Stride of each grid, in pixels of the input. */
  strides: z.array(z.number().int().positive()),
  /** Whether the graph returns boxes in pixels. */
  decoded: z.boolean(),
});

type Parameters = z.infer<typeof parameters>;

/** Strides of the usual models, and of those with a fourth grid. */
const STRIDES = [
  [8, 16, 32],
  [8, 16, 32, 64],
] as const;

/**
 * Recognizes one prediction per cell, [1, cells, 5 + classes]. Exponentials in the graph mean that it decodes the
 * boxes.
 */
function cellsClaim(graph: GraphFacts): Claim<Parameters> | undefined {
  const output = onlyOutput(graph, 3);
  const [, cells, channels] = output?.shape ?? [];
  if (!output || cells === undefined || channels === undefined || channels < 6) return undefined;
  const { width, height } = graph.image;
  const strides = STRIDES.find((candidate) => cellCount(width, height, candidate) === cells);
  if (!strides) return undefined;
  const decoded = graph.operators.has('Exp');
  return {
    by: 'shapes',
    evidence:
      `output ${shapeText(output.shape)}: one prediction per cell at strides ${strides.join(', ')}, ` +
      `5 + ${channels - 5} values, boxes ${decoded ? 'in pixels' : 'in cells'}`,
    parameters: { strides: [...strides], decoded },
    classCount: channels - 5,
  };
}

/**
 * YOLOX (https://arxiv.org/abs/2107.08430). The usual export does not decode the boxes: centers are (t + cell) ·
 * stride, and sides are exp(t) · stride. Objectness and classes are after the sigmoid.
 */
const cells: Family<Parameters> = {
  name: 'yolox',
  title: 'YOLOX',
  license: 'Apache-2.0',
  iouThreshold: 0.65,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 640,
  recipe: {
    resize: 'letterbox',
    letterbox: CORNER,
    resampling: 'bilinear',
    colorOrder: 'bgr',
    mean: 0,
    std: 1,
    fill: 114,
  },
  parameters,
  claim: (graph) => cellsClaim(graph),
  isPlausible(outputs, { decoded }) {
    const rows = [...rowsOf(Object.values(outputs)[0]!)];
    const boxes = rows.map((row) => [row[0]!, row[1]!, row[2]!, row[3]!] as const);
    const isElse = arePixels(boxes) && (!decoded || areCorners(boxes));
    return areScores(rows.flatMap((row) => [...row.subarray(4)])) && !isElse;
  },
  decode(outputs, { strides, decoded }, view, add) {
    const { data, shape } = Object.values(outputs)[0]!;
    const channels = shape.at(-1)!;
    const { width, height } = view.input;
    forEachCell(width, height, strides, (index, column, row, stride) => {
      const at = index * channels;
      const objectness = data[at + 4]!;
      if (!(objectness > view.scoreThreshold)) return;
      const [scale, cellX, cellY] = decoded ? [1, 0, 0] : [stride, column, row];
      const side = (value: number) => (decoded ? value : Math.exp(value) * scale);
      const [x, y] = [(data[at]! + cellX) * scale, (data[at + 1]! + cellY) * scale];
      const [halfWidth, halfHeight] = [side(data[at + 2]!) / 2, side(data[at + 3]!) / 2];
      addScores(data, at + 5, 1, channels - 5, objectness, view, (score, classId) =>
        add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, classId),
      );
    });
  },
};

export const yolox = defineFamily(cells);

/** Returns the list of names in the JSON file that EdgeYOLO writes beside a model. */
function edgeNames({ files }: GraphFacts): readonly string[] | undefined {
  for (const [name, text] of Object.entries(files)) {
    if (!name.endsWith('.json')) continue;
    try {
      const { names } = JSON.parse(text) as { names?: unknown };
      if (names !== undefined) return parsePythonDict(JSON.stringify(names));
    } catch {
      // It is not EdgeYOLO's file.
    }
  }
  return undefined;
}

/** EdgeYOLO: like decoded YOLOX, with ports named input_0 and output_0. */
export const edgeYolo = defineFamily<Parameters>({
  ...cells,
  name: 'edgeyolo',
  title: 'EdgeYOLO',
  claim(graph, { isAsked }) {
    const claim = cellsClaim(graph);
    if (!claim || (!isAsked && graph.outputs[0]?.name !== 'output_0')) return undefined;
    return {
      ...claim,
      by: 'names',
      evidence: `ports input_0 and output_0, ${claim.evidence}`,
      classes: edgeNames(graph),
    };
  },
});
