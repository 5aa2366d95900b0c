import { z } from 'zod';
import { cellCount, forEachCell } from '../cells.ts';
import { addScores } from '../scores.ts';
import { defineFamily, type GraphFacts } from './family.ts';
import { CORNER } from './recipes.ts';

const parameters = z.strictObject({ strides: z.array(z.number().int().positive()), decoded: z.boolean() });

/** Of the usual models, and of those with a fourth grid. */
const STRIDES = [
  [8, 16, 32],
  [8, 16, 32, 64],
] as const;

/** One prediction a cell, [1, cells, 5 + classes]. */
function cellsClaim({ image, outputs }: GraphFacts) {
  const [output] = outputs;
  if (outputs.length !== 1 || output?.shape.length !== 3) return undefined;
  const [, cells, channels] = output.shape;
  const { width, height } = image;
  if (cells === undefined || channels === undefined || channels < 6) return undefined;
  const strides = STRIDES.find((candidate) => cellCount(width, height, candidate) === cells);
  return strides && { strides: [...strides], classCount: channels - 5, shape: output.shape };
}

/**
 * YOLOX (https://arxiv.org/abs/2107.08430). The usual export leaves boxes as the network gives them: centers
 * (t + cell) · stride, sides exp(t) · stride; objectness and classes are sigmoids already.
 */
export const yolox = defineFamily<z.infer<typeof parameters>>({
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
  claim(graph) {
    const found = cellsClaim(graph);
    if (found === undefined) return undefined;
    const { strides, classCount, shape } = found;
    return {
      by: 'shapes',
      evidence: `output [${shape.join(', ')}]: one prediction a cell of strides ${strides.join(', ')}, 5 + ${classCount} values`,
      parameters: { strides, decoded: false },
      classCount,
    };
  },
  isPlausible(outputs, { decoded }) {
    const [output] = Object.values(outputs);
    const { data, shape } = output!;
    const channels = shape.at(-1)!;
    let largest = 0;
    for (let at = 0; at < data.length; at += channels) {
      for (const part of [2, 3]) largest = Math.max(largest, Math.abs(data[at + part]!));
      for (let part = 4; part < channels; part++) {
        const score = data[at + part]!;
        if (!(score >= 0 && score <= 1)) return false;
      }
    }
    // Logarithms of sides in cells stay small; sides in pixels do not.
    return decoded ? largest > 16 : largest <= 16;
  },
  decode(outputs, { strides, decoded }, view, add) {
    const [output] = Object.values(outputs);
    const { data, shape } = output!;
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
});
