import * as z from 'zod';
import { onlyOutput, shapeText } from '../decoders/ports.ts';
import { defineFamily, type GraphFacts } from './family.ts';
import { CENTERED, UNIT_LETTERBOX } from './recipes.ts';
import { rowsOf } from './rows.ts';

/** Shape [n, 7], the batch output of detectors with built-in suppression. */
function sevenColumns(graph: GraphFacts) {
  const output = onlyOutput(graph, 2);
  // A classifier with seven classes has one row, and declares it.
  return output?.shape[1] === 7 && output.declared[0] === undefined ? output : undefined;
}

/** YOLOv7 with ONNX Runtime's suppression built in. Rows of image, left, top, right, bottom, class, score. */
export const yolov7End2end = defineFamily<object>({
  name: 'yolov7-end2end',
  title: 'YOLOv7 with suppression inside',
  license: "GPL-3.0 if made with the authors' code",
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 640,
  recipe: { ...UNIT_LETTERBOX, letterbox: { ...CENTERED, unscale: 'exact' } },
  parameters: z.strictObject({}),
  claim(graph, { isAsked }) {
    const output = sevenColumns(graph);
    if (!output || (!isAsked && (graph.image.type === 'uint8' || /flat_predictions/.test(output.name))))
      return undefined;
    if (!isAsked && output.name !== 'output') return undefined;
    const evidence = `output "${output.name}" ${shapeText(output.shape)}: rows of image, box, class and score`;
    return { by: 'shapes', evidence, parameters: {}, classCount: undefined };
  },
  isPlausible(outputs) {
    return [...rowsOf(Object.values(outputs)[0]!)].every(
      ([image, left, top, right, bottom, label, score]) =>
        image === 0 &&
        right! >= left! &&
        bottom! >= top! &&
        Number.isInteger(label) &&
        label! >= 0 &&
        score! >= 0 &&
        score! <= 1,
    );
  },
  decode(outputs, _, { scoreThreshold }, add) {
    for (const [, left, top, right, bottom, label, score] of rowsOf(Object.values(outputs)[0]!)) {
      if (score! > scoreThreshold) add(left!, top!, right!, bottom!, score!, label!);
    }
  },
});

/** The longest side is 636 px, centered in 640 px. */
const NAS_LETTERBOX = { ...CENTERED, unscale: 'ratio', share: 636 / 640 } as const;

/** YOLO-NAS: flat rows of image, left, top, right, bottom, score, class, or four outputs with a count. */
export const yoloNas = defineFamily<{ readonly flat: boolean }>({
  name: 'yolo-nas',
  title: 'YOLO-NAS',
  license: 'code Apache-2.0; the published weights are not for commercial use',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 640,
  recipe: { ...UNIT_LETTERBOX, letterbox: NAS_LETTERBOX },
  parameters: z.strictObject({ flat: z.boolean() }),
  claim(graph, { isAsked }) {
    const flat = sevenColumns(graph);
    if (flat && (isAsked || /flat_predictions/.test(flat.name))) {
      const evidence = `output "${flat.name}" ${shapeText(flat.shape)}`;
      return { by: 'names', evidence, parameters: { flat: true }, classCount: undefined };
    }
    const ends = ['num_predictions', 'pred_boxes', 'pred_scores', 'pred_classes'];
    const isFour =
      graph.outputs.length === 4 && ends.every((end) => graph.outputs.some(({ name }) => name.endsWith(end)));
    if (!isFour) return undefined;
    const evidence = `outputs ${graph.outputs.map(({ name }) => name).join(', ')}`;
    return { by: 'names', evidence, parameters: { flat: false }, classCount: undefined };
  },
  decode(outputs, { flat }, { scoreThreshold }, add) {
    if (flat) {
      for (const [, left, top, right, bottom, score, label] of rowsOf(Object.values(outputs)[0]!)) {
        if (score! > scoreThreshold) add(left!, top!, right!, bottom!, score!, label!);
      }
      return;
    }
    const named = (end: string) => Object.entries(outputs).find(([name]) => name.endsWith(end))![1];
    const count = named('num_predictions').data[0]!;
    const [scores, classes] = [named('pred_scores').data, named('pred_classes').data];
    let place = 0;
    for (const [left, top, right, bottom] of rowsOf(named('pred_boxes'))) {
      if (place >= count) break;
      const score = scores[place]!;
      if (score > scoreThreshold) add(left!, top!, right!, bottom!, score, classes[place]!);
      place++;
    }
  },
});
