import type { OnnxInitializer, OnnxModel, OnnxNode, OnnxValue } from './file.ts';

/** Settings of the suppression that is built into the graph. */
export interface Suppression {
  /** If two boxes of a class overlap by more than this IoU, 0–1, the worse one is dropped. */
  readonly iouThreshold: number;
  /** Only scores above this count, 0–1. */
  readonly scoreThreshold: number;
  /** Maximum number of boxes per image. The best ones are kept. */
  readonly maxDetections: number;
}

const INTERNAL = 'suppression';

/**
 * Appends greedy non-maximum suppression per class to a model with outputs `boxes` [batch, predictions, 4] and `scores`
 * [batch, predictions, classes]. The new outputs, best first, are `boxes` [batch, rows, 4], `scores` [batch, rows] and
 * `labels` [batch, rows]. Unused rows have zeros as box and score, and the label −1.
 */
export function withSuppression(model: OnnxModel, options: Suppression): OnnxModel {
  const shapeOf = (name: string) => model.outputs.find((output) => output.name === name)!.shape;
  const [predictions, classes] = shapeOf('scores').slice(1) as [number, number];
  const rows = Math.min(options.maxDetections, predictions * classes);
  const nodes: OnnxNode[] = [];
  const constants = new Map<string, OnnxInitializer>();
  const raw = (name: string) => `${INTERNAL}.raw.${name}`;
  const op = (type: string, inputs: readonly string[], outputs: readonly string[], attributes = {}) => {
    nodes.push({ type, inputs, outputs, attributes });
    return outputs[0]!;
  };
  let count = 0;
  const to = (type: string, inputs: readonly string[], attributes = {}) =>
    op(type, inputs, [`${INTERNAL}.${count++}`], attributes);
  const whole = (values: readonly number[], shape: readonly number[] = [values.length]) => {
    const name = `${INTERNAL}.integers.${values.join(',')}.${shape.length}`;
    constants.set(name, { name, shape, data: BigInt64Array.from(values, BigInt) });
    return name;
  };
  const number = (value: number, shape: readonly number[] = []) => {
    const name = `${INTERNAL}.number.${value}.${shape.length}`;
    constants.set(name, { name, shape, data: Float32Array.of(value) });
    return name;
  };

  const scores = to('Transpose', [raw('scores')], { perm: [0, 2, 1] });
  const kept = to('NonMaxSuppression', [
    raw('boxes'),
    scores,
    whole([rows]),
    number(options.iouThreshold, [1]),
    number(options.scoreThreshold, [1]),
  ]);
  // Scores of the kept boxes at their positions, [batch, classes · predictions]. All other scores are zero.
  const found = to('GatherND', [scores, kept]);
  // OpenCV 5.0 only supports ConstantOfShape with an explicit value.
  const zeros = to('Expand', [number(0), to('Shape', [scores])]);
  const flat = to('Reshape', [to('ScatterND', [zeros, kept, found]), whole([0, -1])]);
  op('TopK', [flat, whole([rows])], ['scores', `${INTERNAL}.places`]);
  const places = `${INTERNAL}.places`;
  const isFound = to('Greater', ['scores', number(0)]);
  const labels = to('Div', [places, whole([predictions], [])]);
  op('Where', [isFound, labels, whole([-1], [])], ['labels']);
  const of = to('Unsqueeze', [to('Mod', [places, whole([predictions], [])]), whole([2])]);
  const best = to('GatherND', [raw('boxes'), of], { batch_dims: 1 });
  op('Where', [to('Unsqueeze', [isFound, whole([2])]), best, number(0)], ['boxes']);

  const outputs: readonly OnnxValue[] = [
    { name: 'boxes', type: 'float32', shape: ['batch', rows, 4] },
    { name: 'scores', type: 'float32', shape: ['batch', rows] },
    { name: 'labels', type: 'int64', shape: ['batch', rows] },
  ];
  const names = new Map(['boxes', 'scores'].map((name) => [name, raw(name)]));
  const renamed = (list: readonly string[]) => list.map((name) => names.get(name) ?? name);
  return {
    ...model,
    nodes: [
      ...model.nodes.map((node) => ({
        ...node,
        inputs: renamed(node.inputs),
        outputs: renamed(node.outputs),
      })),
      ...nodes,
    ],
    outputs,
    initializers: [...model.initializers, ...constants.values()],
  };
}
