import { z } from 'zod';
import { parsePythonDict } from '../python-literal.ts';
import { defineFamily, type GraphFacts } from './family.ts';
import { UNIT_LETTERBOX } from './recipes.ts';

const parameters = z.strictObject({
  /** Rows of the output: [1, 4 + classes, predictions]. */
  boxes: z.literal('cxcywh'),
});

/** The names in Ultralytics' metadata: a Python dict of numbers to names. */
export function metadataNames({ metadata }: GraphFacts): readonly string[] | undefined {
  const text = metadata['names'];
  return text === undefined ? undefined : parsePythonDict(text);
}

/** YOLOv8, 9, 11 and 12 as Ultralytics exports them: [1, 4 + classes, predictions], classes as sigmoids. */
export const yolov8 = defineFamily<z.infer<typeof parameters>>({
  name: 'yolov8',
  title: 'YOLOv8 to 12',
  license: 'AGPL-3.0 if made with Ultralytics',
  iouThreshold: 0.7,
  evaluationThreshold: 0.001,
  multiLabel: false,
  size: 640,
  recipe: UNIT_LETTERBOX,
  parameters,
  claim(graph) {
    const { outputs, metadata } = graph;
    const [output] = outputs;
    if (outputs.length !== 1 || output?.shape.length !== 3) return undefined;
    const [, channels, predictions] = output.shape;
    if (channels === undefined || channels < 5) return undefined;
    if (predictions !== undefined && predictions <= channels) return undefined;
    const names = metadata['task'] === 'detect' ? metadataNames(graph) : undefined;
    const shape = `output [1, ${channels}, ${predictions ?? 'predictions'}]`;
    const common = { parameters: { boxes: 'cxcywh' as const }, classCount: channels - 4 };
    if (names?.length === channels - 4) {
      const evidence = `metadata task "detect" with ${names.length} names, ${shape}`;
      return { by: 'metadata', evidence, ...common, classes: names };
    }
    return { by: 'shapes', evidence: `${shape}: 4 + ${channels - 4} values`, ...common };
  },
  decode(outputs, _, view, add) {
    const [output] = Object.values(outputs);
    const { data, shape } = output!;
    const [, channels, count] = shape as readonly [number, number, number];
    const { scoreThreshold, multiLabel } = view;
    const put = (index: number, score: number, classId: number) => {
      const [x, y] = [data[index]!, data[count + index]!];
      const [halfWidth, halfHeight] = [data[2 * count + index]! / 2, data[3 * count + index]! / 2];
      add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, classId);
    };
    // Class by class, as the scores lie in memory.
    const best = multiLabel ? undefined : new Float32Array(count).fill(scoreThreshold);
    const bestClass = new Int32Array(best ? count : 0).fill(-1);
    for (let k = 0, at = 4 * count; k < channels - 4; k++) {
      for (let index = 0; index < count; index++, at++) {
        const score = data[at]!;
        if (!(score > scoreThreshold)) continue;
        if (!best) put(index, score, k);
        else if (score > best[index]!) {
          best[index] = score;
          bestClass[index] = k;
        }
      }
    }
    if (!best) return;
    for (let index = 0; index < count; index++) {
      if (bestClass[index]! >= 0) put(index, best[index]!, bestClass[index]!);
    }
  },
});
