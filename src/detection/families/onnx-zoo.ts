import * as z from 'zod';
import { sigmoid } from '../../boxes/decode-heads.ts';
import { areScores } from '../decoders/plausible.ts';
import { shapeText } from '../decoders/ports.ts';
import { addFromPhoto, addScores } from '../decoders/scores.ts';
import { defineFamily, type GraphPort } from './family.ts';
import { CENTERED, UNIT_LETTERBOX } from './recipes.ts';
import { rowsOf } from './rows.ts';
import { YOLOV4_ANCHORS } from './yolo/anchors.ts';

/** Sides rounded down, gray 128. */
const DARK_LETTERBOX = {
  ...UNIT_LETTERBOX,
  letterbox: { ...CENTERED, rounding: 'floor', unscale: 'exact' },
  fill: 128,
} as const;

/** Darknet's `scale_x_y`, finest grid first. */
const SCALES = [1.2, 1.1, 1.05] as const;

/** YOLOv4 from the ONNX model zoo: three maps [1, rows, columns, 3, 85] with sigmoid scores and raw boxes. */
export const yolov4 = defineFamily<{ readonly maps: string[] }>({
  name: 'yolov4',
  title: 'YOLOv4 (ONNX model zoo)',
  license: 'MIT',
  iouThreshold: 0.213,
  evaluationThreshold: 0.001,
  multiLabel: false,
  size: 416,
  recipe: DARK_LETTERBOX,
  parameters: z.strictObject({ maps: z.array(z.string()) }),
  claim({ outputs, image }) {
    const maps = outputs.toSorted((a, b) => (b.shape[1] ?? 0) - (a.shape[1] ?? 0));
    const channels = maps[0]?.shape[4];
    const fits = ({ shape }: GraphPort, level: number) =>
      shape.length === 5 &&
      shape[1] === Math.ceil(image.height / (8 << level)) &&
      shape[2] === Math.ceil(image.width / (8 << level)) &&
      shape[3] === 3 &&
      shape[4] === channels;
    if (
      maps.length !== 3 ||
      image.layout !== 'nhwc' ||
      !maps.every(fits) ||
      channels === undefined ||
      channels < 6
    )
      return undefined;
    return {
      by: 'shapes',
      evidence: `NHWC input, outputs ${maps.map(({ shape }) => shapeText(shape)).join(', ')}`,
      parameters: { maps: maps.map(({ name }) => name) },
      classCount: channels - 5,
    };
  },
  isPlausible: (outputs, { maps }) =>
    maps.every((name) => areScores([...rowsOf(outputs[name]!)].flatMap((row) => [...row.subarray(4)]))),
  decode(outputs, { maps }, view, add) {
    const { width, height } = view.input;
    // Boxes are clipped to the photo before suppression.
    const [left, top, right, bottom] = view.fromPhoto([0, 0, view.original.width, view.original.height]);
    for (const [level, name] of maps.entries()) {
      const { data, shape } = outputs[name]!;
      const [, rows, columns, , channels] = shape as readonly [number, number, number, number, number];
      const scale = SCALES[level]!;
      for (let at = 0, place = 0; at < data.length; at += channels, place++) {
        if (!(data[at + 4]! > view.scoreThreshold)) continue;
        const cell = Math.floor(place / 3);
        const center = (t: number, offset: number) => scale * sigmoid(t) - (scale - 1) / 2 + offset;
        const x = center(data[at]!, cell % columns) * (width / columns);
        const y = center(data[at + 1]!, Math.floor(cell / columns)) * (height / rows);
        const [anchorWidth, anchorHeight] = YOLOV4_ANCHORS[level]![place % 3]!;
        const halfWidth = (Math.exp(data[at + 2]!) * anchorWidth) / 2;
        const halfHeight = (Math.exp(data[at + 3]!) * anchorHeight) / 2;
        addScores(data, at + 5, 1, channels - 5, data[at + 4]!, view, (score, classId) =>
          add(
            Math.max(left, x - halfWidth),
            Math.max(top, y - halfHeight),
            Math.min(right, x + halfWidth),
            Math.min(bottom, y + halfHeight),
            score,
            classId,
          ),
        );
      }
    }
  },
});

const yolov3Parameters = z.strictObject({ boxes: z.string(), scores: z.string(), indices: z.string() });

/** YOLOv3 and Tiny YOLOv3 from the ONNX model zoo: all boxes and scores, and the indices of the kept ones. */
export const yolov3 = defineFamily<z.infer<typeof yolov3Parameters>>({
  name: 'yolov3',
  title: 'YOLOv3 (ONNX model zoo)',
  license: 'MIT',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 416,
  recipe: { ...DARK_LETTERBOX, resampling: 'bilinear' },
  parameters: yolov3Parameters,
  claim({ inputs, outputs }) {
    if (outputs.length !== 3 || !inputs.some(({ name }) => name === 'image_shape')) return undefined;
    const boxes = outputs.find(({ shape }) => shape.length === 3 && shape[2] === 4);
    const scores = outputs.find(
      (port) => port !== boxes && port.type === 'float' && port.shape[2] === boxes?.shape[1],
    );
    const indices = outputs.find(({ type, shape }) => type.startsWith('int') && shape.at(-1) === 3);
    if (!boxes || !scores || !indices) return undefined;
    return {
      by: 'names',
      evidence: `input image_shape, outputs of boxes ${shapeText(boxes.shape)}, scores ${shapeText(scores.shape)} and indices`,
      parameters: { boxes: boxes.name, scores: scores.name, indices: indices.name },
      classCount: scores.shape[1],
    };
  },
  decode(outputs, { boxes, scores, indices }, view, add) {
    const { data, shape } = outputs[scores]!;
    const count = shape[2]!;
    for (const [, classId, place] of rowsOf(outputs[indices]!)) {
      if (!(classId! >= 0 && place! >= 0)) continue;
      const score = data[classId! * count + place!]!;
      if (!(score > view.scoreThreshold)) continue;
      const [top, left, bottom, right] = outputs[boxes]!.data.subarray(4 * place!, 4 * place! + 4);
      addFromPhoto(view, [left!, top!, right!, bottom!], score, classId!, add);
    }
  },
});

/** Faster and Mask R-CNN from the ONNX model zoo: input [3, height, width] of any size, labels from 1. */
export const fasterRcnn = defineFamily<{
  readonly boxes: string;
  readonly labels: string;
  readonly scores: string;
}>({
  name: 'faster-rcnn',
  title: 'Faster R-CNN (ONNX model zoo)',
  license: 'MIT',
  iouThreshold: 1,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 800,
  recipe: {
    resize: 'shortest',
    letterbox: { align: 'corner', rounding: 'floor', unscale: 'ratio', multiple: 32 },
    resampling: 'bilinear',
    colorOrder: 'bgr',
    mean: [102.9801, 115.9465, 122.7717],
    std: 1,
    fill: 'zero',
  },
  parameters: z.strictObject({ boxes: z.string(), labels: z.string(), scores: z.string() }),
  claim({ outputs, image }, { isAsked }) {
    const [boxes, labels, scores] = outputs;
    // torchvision exports have the same outputs, but name the first one "boxes", and their input is not named "image".
    if (!isAsked && image.name !== 'image' && boxes?.name === 'boxes') return undefined;
    const fits = boxes?.shape[1] === 4 && labels?.type === 'int64' && scores?.type === 'float';
    if (image.layout !== 'chw' || image.isFixed || !fits || boxes.shape.length !== 2) return undefined;
    return {
      by: 'names',
      evidence: 'input [3, height, width], outputs of boxes, labels and scores',
      parameters: { boxes: boxes.name, labels: labels.name, scores: scores.name },
      classCount: 80,
    };
  },
  decode(outputs, { boxes, labels, scores }, { scoreThreshold }, add) {
    let place = 0;
    for (const [left, top, right, bottom] of rowsOf(outputs[boxes]!)) {
      const score = outputs[scores]!.data[place]!;
      const label = outputs[labels]!.data[place++]!;
      if (score > scoreThreshold && label > 0) add(left!, top!, right!, bottom!, score, label - 1);
    }
  },
});
