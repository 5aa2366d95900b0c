/** One head's raw output for one image, [anchors · (5 + classes), height, width] of logits. */
export interface HeadOutput {
  /** YOLOv3 (`yolo`) or YOLOv2 (`region`). */
  readonly kind: 'yolo' | 'region';
  /** Logits in row-major order. */
  readonly data: Float32Array;
  /** Offset of the image's first value in `data`. */
  readonly offset: number;
  /** Number of rows of cells. */
  readonly height: number;
  /** Number of columns of cells. */
  readonly width: number;
  /** Number of classes. */
  readonly classes: number;
  /** Width and height: in pixels of the network input for `yolo`, in cells for `region`. */
  readonly anchors: readonly (readonly [width: number, height: number])[];
  /** For `yolo`: Darknet's scale_x_y. @default 1 */
  readonly scaleXY?: number;
  /** For `yolo`: a center is cell + t instead of cell + s·σ(t) − (s − 1)/2. @default false */
  readonly linear?: boolean;
  /** For `region`: class scores by softmax instead of sigmoids. @default false */
  readonly softmax?: boolean;
}

/** Receives a box in pixels of the network's input, its score (0–1) and its class index. */
export type AddBox = (
  left: number,
  top: number,
  right: number,
  bottom: number,
  score: number,
  classId: number,
) => void;

/** Options for decoding a head. */
export interface DecodeOptions {
  /** Width of the network input, in pixels. */
  readonly inputWidth: number;
  /** Height of the network input, in pixels. */
  readonly inputHeight: number;
  /** Boxes need a score above this, 0–1. */
  readonly scoreThreshold: number;
}

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
/** The x for which sigmoid(x) = p. ∓∞ at 0 and 1. */
const logit = (p: number) => Math.log(p / (1 - p));

/** An object predicted by a head, in pixels of the network input. */
export interface PredictedObject {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Objectness, 0–1. */
  objectness: number;
  /** Index of the anchor in the head, and of the cell in row-major order. */
  anchor: number;
  cell: number;
  /** Index of the first class's logit in the head's data. Each further class is `height · width` later. */
  classes: number;
}

/**
 * Visits the predictions of a head whose objectness is above a threshold. center = (cell + s·σ(t) − (s − 1)/2) ·
 * stride, size = anchor · exp(t) (https://arxiv.org/abs/1804.02767, https://arxiv.org/abs/1612.08242). Objectness is
 * compared as a logit, so that empty cells, which are the vast majority, cost one comparison and no exp.
 * @param visit gets one object whose fields change from call to call
 */
export function visitObjects(
  head: HeadOutput,
  { inputWidth, inputHeight }: Pick<DecodeOptions, 'inputWidth' | 'inputHeight'>,
  threshold: number,
  visit: (object: Readonly<PredictedObject>) => void,
): void {
  const { data, height, width, classes, anchors } = head;
  const area = height * width;
  const [strideX, strideY] = [inputWidth / width, inputHeight / height];
  const [unitX, unitY] = head.kind === 'yolo' ? [1, 1] : [strideX, strideY];
  const scale = head.scaleXY ?? 1;
  const offset = head.linear ? (t: number) => t : (t: number) => scale * sigmoid(t) - (scale - 1) / 2;
  const least = logit(threshold);
  const object: PredictedObject = {
    left: 0,
    top: 0,
    right: 0,
    bottom: 0,
    objectness: 0,
    anchor: 0,
    cell: 0,
    classes: 0,
  };

  anchors.forEach(([anchorWidth, anchorHeight], anchor) => {
    const first = head.offset + anchor * (5 + classes) * area;
    const objectness = first + 4 * area;
    for (let cell = 0; cell < area; cell++) {
      const logitOfObject = data[objectness + cell]!;
      if (!(logitOfObject > least)) continue;
      const centerX = ((cell % width) + offset(data[first + cell]!)) * strideX;
      const centerY = (Math.floor(cell / width) + offset(data[first + area + cell]!)) * strideY;
      const halfWidth = (anchorWidth * unitX * Math.exp(data[first + 2 * area + cell]!)) / 2;
      const halfHeight = (anchorHeight * unitY * Math.exp(data[first + 3 * area + cell]!)) / 2;
      // If training diverged, exp overflows, and logits are NaN.
      if (!Number.isFinite(centerX + centerY + halfWidth * halfHeight)) continue;
      object.left = centerX - halfWidth;
      object.top = centerY - halfHeight;
      object.right = centerX + halfWidth;
      object.bottom = centerY + halfHeight;
      object.objectness = sigmoid(logitOfObject);
      object.anchor = anchor;
      object.cell = cell;
      object.classes = objectness + area + cell;
      visit(object);
    }
  });
}

/**
 * Adds the scored boxes of a YOLOv3 (`yolo`) or YOLOv2 (`region`) head to the candidates, in pixels of the network
 * input. The score is σ(objectness) · class. A box counts once for each class above the threshold.
 */
export function decodeHead(
  head: HeadOutput,
  options: DecodeOptions,
  candidates: { readonly add: AddBox },
): void {
  const { data, height, width, classes } = head;
  const { scoreThreshold } = options;
  const area = height * width;
  visitObjects(head, options, scoreThreshold, (object) => {
    const { left, top, right, bottom, objectness } = object;
    const add = (score: number, classId: number) => {
      // Scores are stored in single precision, and stored scores must be above the threshold.
      if (Math.fround(score) > scoreThreshold) candidates.add(left, top, right, bottom, score, classId);
    };
    if (head.softmax) {
      softmaxScores(data, object.classes, area, classes, objectness, add);
    } else {
      const leastClass = logit(Math.min(1, scoreThreshold / objectness));
      for (let k = 0; k < classes; k++) {
        const logitOfClass = data[object.classes + k * area]!;
        if (logitOfClass > leastClass) add(objectness * sigmoid(logitOfClass), k);
      }
    }
  });
}

function softmaxScores(
  data: Float32Array,
  start: number,
  step: number,
  classes: number,
  object: number,
  add: (score: number, classId: number) => void,
): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < classes; k++) largest = Math.max(largest, data[start + k * step]!);
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += Math.exp(data[start + k * step]! - largest);
  for (let k = 0; k < classes; k++) {
    add((object * Math.exp(data[start + k * step]! - largest)) / sum, k);
  }
}
