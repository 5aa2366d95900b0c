import * as z from 'zod';
import { outputNamed, shapeText } from '../decoders/ports.ts';
import { defineFamily } from './family.ts';
import { IMAGENET_BGR } from './recipes.ts';
import { rowsOf } from './rows.ts';

/** RTMDet and other models exported by mmdeploy: `dets` with box and score, and `labels`, after suppression. */
export const rtmdet = defineFamily<object>({
  name: 'rtmdet',
  title: 'RTMDet (mmdeploy)',
  license: 'Apache-2.0 if of mmdet',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 640,
  recipe: {
    ...IMAGENET_BGR,
    resize: 'letterbox',
    letterbox: { align: 'corner', rounding: 'half-up', unscale: 'sides' },
    resampling: 'bilinear',
    colorOrder: 'bgr',
    fill: 114,
  },
  parameters: z.strictObject({}),
  claim(graph) {
    const dets = outputNamed(graph, /^dets$/);
    const labels = outputNamed(graph, /^labels$/);
    if (dets?.shape.length !== 3 || dets.shape[2] !== 5 || labels?.shape.length !== 2) return undefined;
    const evidence = `outputs dets ${shapeText(dets.shape)} and labels ${shapeText(labels.shape)}`;
    return { by: 'names', evidence, parameters: {}, classCount: undefined };
  },
  decode({ dets, labels }, _, { scoreThreshold }, add) {
    let place = 0;
    for (const [left, top, right, bottom, score] of rowsOf(dets!)) {
      const label = labels!.data[place++]!;
      if (score! > scoreThreshold && label >= 0) add(left!, top!, right!, bottom!, score!, label);
    }
  },
});
