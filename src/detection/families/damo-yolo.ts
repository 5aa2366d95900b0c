import * as z from 'zod';
import { cellCount } from '../decoders/cells.ts';
import { areCorners, arePixels, areScores } from '../decoders/plausible.ts';
import { shapeText } from '../decoders/ports.ts';
import { addScores } from '../decoders/scores.ts';
import { defineFamily } from './family.ts';
import { rowsOf } from './rows.ts';

/** DAMO-YOLO (https://arxiv.org/abs/2211.15444): scores [1, N, classes], then corners [1, N, 4]. */
export const damoYolo = defineFamily<{ readonly scores: string; readonly boxes: string }>({
  name: 'damo-yolo',
  title: 'DAMO-YOLO',
  license: 'Apache-2.0',
  iouThreshold: 0.65,
  evaluationThreshold: 0.05,
  multiLabel: true,
  size: 640,
  recipe: { resize: 'stretch', resampling: 'bilinear', colorOrder: 'rgb', mean: 0, std: 1, fill: 0 },
  parameters: z.strictObject({ scores: z.string(), boxes: z.string() }),
  claim({ outputs, image }) {
    const [scores, boxes] = outputs;
    if (outputs.length !== 2 || scores?.shape.length !== 3 || boxes?.shape.length !== 3) return undefined;
    const cells = cellCount(image.width, image.height, [8, 16, 32]);
    if (boxes.shape[2] !== 4 || boxes.shape[1] !== cells || scores.shape[1] !== cells) return undefined;
    return {
      by: 'shapes',
      evidence: `outputs ${shapeText(scores.shape)} of scores, then ${shapeText(boxes.shape)} of boxes`,
      parameters: { scores: scores.name, boxes: boxes.name },
      classCount: scores.shape[2],
    };
  },
  isPlausible(outputs, { scores, boxes }) {
    const corners = [...rowsOf(outputs[boxes]!)].map((row) => [row[0]!, row[1]!, row[2]!, row[3]!] as const);
    return areScores(outputs[scores]!.data) && arePixels(corners) && areCorners(corners);
  },
  decode(outputs, { scores: scoresName, boxes }, view, add) {
    const { data, shape } = outputs[scoresName]!;
    const classes = shape[2]!;
    let place = 0;
    for (const [left, top, right, bottom] of rowsOf(outputs[boxes]!)) {
      addScores(data, place++ * classes, 1, classes, 1, view, (score, classId) =>
        add(left!, top!, right!, bottom!, score, classId),
      );
    }
  },
});
