import * as z from 'zod';
import { sigmoid } from '../../../boxes/decode-heads.ts';
import type { AddBox, DecoderView, Outputs, OutputTensor } from '../../decoders/decoder.ts';
import { outputNamed, shapeText } from '../../decoders/ports.ts';
import { type Claim, defineFamily, type GraphFacts } from '../family.ts';
import { IMAGENET } from '../recipes.ts';
import { huggingFaceModel, huggingFaceRecipe, huggingFaceSize } from './hugging-face.ts';

const nothing = z.strictObject({});

/** Adds a query's box, which is given by center and sides, 0–1 of the input. */
function addQuery(
  { data }: OutputTensor,
  query: number,
  { input }: DecoderView,
  score: number,
  classId: number,
  add: AddBox,
) {
  const [x, y, w, h] = data.subarray(4 * query, 4 * query + 4);
  const { width, height } = input;
  add(
    (x! - w! / 2) * width,
    (y! - h! / 2) * height,
    (x! + w! / 2) * width,
    (y! + h! / 2) * height,
    score,
    classId,
  );
}

/** Decodes the best pairs of query and class by sigmoid, as many as there are queries. */
export function decodeSigmoid(
  boxes: OutputTensor,
  logits: OutputTensor,
  classes: number,
  view: DecoderView,
  add: AddBox,
): void {
  const [, queries, columns] = logits.shape as readonly [number, number, number];
  const order = Array.from(logits.data.keys())
    .filter((place) => place % columns < classes && sigmoid(logits.data[place]!) > view.scoreThreshold)
    .sort((a, b) => logits.data[b]! - logits.data[a]!)
    .slice(0, queries);
  for (const place of order) {
    const score = sigmoid(logits.data[place]!);
    addQuery(boxes, Math.floor(place / columns), view, score, place % columns, add);
  }
}

/** Decodes the best class of each query by softmax. The last column is the background. */
function decodeSoftmax(boxes: OutputTensor, logits: OutputTensor, view: DecoderView, add: AddBox): void {
  const [, queries, columns] = logits.shape as readonly [number, number, number];
  for (let query = 0; query < queries; query++) {
    const row = logits.data.subarray(query * columns, (query + 1) * columns);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const sum = row.reduce((total, value) => total + Math.exp(value - largest), 0);
    const classes = row.subarray(0, -1);
    const best = classes.reduce((place, value, k) => (value > classes[place]! ? k : place), 0);
    const score = Math.exp(row[best]! - largest) / sum;
    if (score > view.scoreThreshold) addQuery(boxes, query, view, score, best, add);
  }
}

/** Recognizes the outputs `logits` and `pred_boxes` of Hugging Face exports. */
function queriesClaim(graph: GraphFacts, background: 0 | 1, types: RegExp): Claim<object> | undefined {
  const logits = outputNamed(graph, /^logits$/);
  const boxes = outputNamed(graph, /^pred_boxes$/);
  const columns = logits?.shape[2];
  if (!logits || !boxes || columns === undefined || columns <= background || boxes.shape[2] !== 4)
    return undefined;
  const ports = `logits ${shapeText(logits.shape)} and pred_boxes`;
  const classCount = columns - background;
  const { type, names } = huggingFaceModel(graph) ?? {};
  const claim = {
    parameters: {},
    classCount,
    recipe: huggingFaceRecipe(graph),
    size: huggingFaceSize(graph),
  };
  if (type === undefined) return { by: 'names', evidence: `outputs ${ports}`, ...claim };
  if (!types.test(type)) return undefined;
  return { by: 'files', evidence: `config.json names ${type}, outputs ${ports}`, ...claim, classes: names };
}

const shared = {
  license: 'Apache-2.0',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  parameters: nothing,
} as const;

/** DETR and YOLOS: softmax, with the background as last class. */
export const detr = defineFamily<object>({
  ...shared,
  name: 'detr',
  title: 'DETR or YOLOS',
  size: 800,
  recipe: { ...IMAGENET, resize: 'stretch', resampling: 'antialiased', colorOrder: 'rgb', fill: 0 },
  claim(graph, { isAsked }) {
    const claim = queriesClaim(graph, 1, /^(detr|yolos|table-transformer|conditional_detr_softmax)$/);
    return claim ?? (isAsked ? queriesClaim(graph, 1, /./) : undefined);
  },
  decode: ({ pred_boxes: boxes, logits }: Outputs, _, view, add) => decodeSoftmax(boxes!, logits!, view, add),
});

/** RT-DETR, RT-DETRv2, D-FINE and similar models from Hugging Face: sigmoid, without a background class. */
export const rtDetrQueries = defineFamily<object>({
  ...shared,
  name: 'rt-detr-queries',
  title: 'RT-DETR or D-FINE (Hugging Face)',
  size: 640,
  recipe: { resize: 'stretch', resampling: 'antialiased', colorOrder: 'rgb', mean: 0, std: 255, fill: 0 },
  claim(graph, { isAsked }) {
    const claim = queriesClaim(
      graph,
      0,
      /^(rt_detr|rt_detr_v2|d_fine|deformable_detr|conditional_detr|dab-detr)$/,
    );
    return claim ?? (isAsked ? queriesClaim(graph, 0, /./) : undefined);
  },
  decode({ pred_boxes: boxes, logits }: Outputs, _, view, add) {
    decodeSigmoid(boxes!, logits!, logits!.shape[2]!, view, add);
  },
});
