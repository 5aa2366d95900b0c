import * as z from 'zod';
import { sigmoid } from '../../../boxes/decode-heads.ts';
import type { AddBox, DecoderView, Outputs } from '../../decoders/decoder.ts';
import { shapeText } from '../../decoders/ports.ts';
import { type Claim, defineFamily, type Family, type GraphFacts } from '../family.ts';
import { CENTERED, UNIT_LETTERBOX } from '../recipes.ts';
import { type Anchors, YOLOV4_ANCHORS } from './anchors.ts';

const parameters = z.strictObject({ maps: z.array(z.string()) });

type Parameters = z.infer<typeof parameters>;

/** Recognizes three maps as the only outputs, [1, 3, rows, columns, 5 + classes] each, finest first. */
function mapsClaim({ outputs, image }: GraphFacts): Claim<Parameters> | undefined {
  if (outputs.length !== 3) return undefined;
  const maps = outputs.toSorted((a, b) => (b.shape[2] ?? 0) - (a.shape[2] ?? 0));
  const channels = maps[0]!.shape[4];
  const fits = maps.every(
    ({ shape }, level) =>
      shape.length === 5 &&
      shape[1] === 3 &&
      shape[2] === Math.ceil(image.height / (8 << level)) &&
      shape[3] === Math.ceil(image.width / (8 << level)) &&
      shape[4] === channels,
  );
  if (!fits || channels === undefined || channels < 6) return undefined;
  return {
    by: 'shapes',
    evidence: `outputs ${maps.map(({ shape }) => shapeText(shape)).join(', ')}: raw maps, whose anchors are not in the file`,
    parameters: { maps: maps.map(({ name }) => name) },
    classCount: channels - 5,
  };
}

/** Decodes centers as (2σ(t) − 0.5 + cell) · stride, and sides as (2σ(t))² · anchor. */
function decodeMaps(
  anchors: readonly Anchors[],
  outputs: Outputs,
  { maps }: Parameters,
  view: DecoderView,
  add: AddBox,
) {
  const { scoreThreshold, multiLabel } = view;
  for (const [level, name] of maps.entries()) {
    const { data, shape } = outputs[name]!;
    const [, , rows, columns, channels] = shape as readonly [number, number, number, number, number];
    const [strideX, strideY] = [view.input.width / columns, view.input.height / rows];
    for (let at = 0, place = 0; at < data.length; at += channels, place++) {
      const objectness = sigmoid(data[at + 4]!);
      if (!(objectness > scoreThreshold)) continue;
      const [column, row] = [place % columns, Math.floor(place / columns) % rows];
      const [anchorWidth, anchorHeight] = anchors[level]![Math.floor(place / (columns * rows))]!;
      const x = (2 * sigmoid(data[at]!) - 0.5 + column) * strideX;
      const y = (2 * sigmoid(data[at + 1]!) - 0.5 + row) * strideY;
      const halfWidth = (anchorWidth * (2 * sigmoid(data[at + 2]!)) ** 2) / 2;
      const halfHeight = (anchorHeight * (2 * sigmoid(data[at + 3]!)) ** 2) / 2;
      let [best, bestScore] = [-1, scoreThreshold];
      for (let k = 0; k < channels - 5; k++) {
        const score = objectness * sigmoid(data[at + 5 + k]!);
        if (!(score > bestScore)) continue;
        if (multiLabel) add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, k);
        else [best, bestScore] = [k, score];
      }
      if (best >= 0) add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, bestScore, best);
    }
  }
}

function mapsFamily(name: string, title: string, anchors: readonly Anchors[]): Family {
  return defineFamily<Parameters>({
    name,
    title,
    license: "AGPL-3.0 or GPL-3.0 if made with the authors' code",
    iouThreshold: 0.45,
    evaluationThreshold: 0.001,
    multiLabel: false,
    size: 640,
    recipe: { ...UNIT_LETTERBOX, letterbox: { ...CENTERED, unscale: 'exact' } },
    parameters,
    claim: (graph) => mapsClaim(graph),
    decode: (outputs, given, view, add) => decodeMaps(anchors, outputs, given, view, add),
  });
}

/** Raw maps with the anchors of the published YOLOv5 models. */
export const yolov5Maps = mapsFamily('yolov5-maps', 'YOLOv5, raw maps with its usual anchors', [
  [
    [10, 13],
    [16, 30],
    [33, 23],
  ],
  [
    [30, 61],
    [62, 45],
    [59, 119],
  ],
  [
    [116, 90],
    [156, 198],
    [373, 326],
  ],
]);

/** Raw maps with the anchors of the published YOLOv7 models. */
export const yolov7Maps = mapsFamily(
  'yolov7-maps',
  'YOLOv7, raw maps with its usual anchors',
  YOLOV4_ANCHORS,
);
