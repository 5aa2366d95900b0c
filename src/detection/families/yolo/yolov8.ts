import * as z from 'zod';
import { cellCount } from '../../decoders/cells.ts';
import { areCorners, arePixels, areScores } from '../../decoders/plausible.ts';
import { onlyOutput, shapeText } from '../../decoders/ports.ts';
import { addScores } from '../../decoders/scores.ts';
import { type Claim, defineFamily, type GraphFacts } from '../family.ts';
import { metadataNames, metadataSize } from '../metadata.ts';
import { UNIT_LETTERBOX } from '../recipes.ts';
import { rowsOf } from '../rows.ts';
import { channelBoxes, channelScores, decodeChannelRows } from './channel-rows.ts';

const parameters = z.strictObject({});

/** Recognizes [1, 4 + classes, predictions] by its shape alone. */
function bareClaim(graph: GraphFacts): Claim<object> | undefined {
  const output = onlyOutput(graph, 3);
  const [, channels, predictions] = output?.shape ?? [];
  if (!output || channels === undefined || predictions === undefined) return undefined;
  if (channels < 5 || predictions < channels) return undefined;
  const evidence = `output ${shapeText(output.shape)}: 4 + ${channels - 4} rows`;
  return { by: 'shapes', evidence, parameters: {}, classCount: channels - 4, size: metadataSize(graph) };
}

/** YOLOv8, 9, 11 and 12 as exported by Ultralytics: [1, 4 + classes, predictions] with sigmoid class scores. */
export const yolov8 = defineFamily<object>({
  name: 'yolov8',
  title: 'YOLOv8 to 12',
  license: 'AGPL-3.0 if made with Ultralytics',
  iouThreshold: 0.7,
  evaluationThreshold: 0.001,
  multiLabel: false,
  size: 640,
  recipe: UNIT_LETTERBOX,
  parameters,
  claim(graph, { isAsked }) {
    const { metadata } = graph;
    const bare = bareClaim(graph);
    if (!bare) return undefined;
    if (isAsked) return { ...bare, classes: metadataNames(graph) };
    if (metadata['model_family'] !== undefined) return undefined;
    if (metadata['task'] === undefined) return { ...bare, classes: metadataNames(graph) };
    if (metadata['task'] !== 'detect') return undefined;
    const evidence = `metadata task "detect", ${bare.evidence}`;
    return { ...bare, by: 'metadata', evidence, classes: metadataNames(graph) };
  },
  isPlausible(outputs) {
    const output = Object.values(outputs)[0]!;
    const boxes = [...channelBoxes(output)];
    return areScores(channelScores(output)) && arePixels(boxes) && !areCorners(boxes);
  },
  decode: (outputs, _, view, add) => decodeChannelRows(Object.values(outputs)[0]!, false, view, add),
});

/**
 * Recognizes [1, predictions, 4 + classes] by its shape, if the graph computes a softmax or exponentials for decoding.
 */
function transposedClaim(graph: GraphFacts): Claim<object> | undefined {
  const output = onlyOutput(graph, 3);
  const [, predictions, channels] = output?.shape ?? [];
  const { width, height } = graph.image;
  if (!output || channels === undefined || channels < 5) return undefined;
  if (cellCount(width, height, [8, 16, 32]) !== predictions) return undefined;
  if (!graph.operators.has('Softmax') && !graph.operators.has('Exp')) return undefined;
  const evidence = `output ${shapeText(output.shape)}: 4 + ${channels - 4} columns`;
  return { by: 'shapes', evidence, parameters: {}, classCount: channels - 4, classes: metadataNames(graph) };
}

/** YOLOv8's predictions with swapped axes, as some converters write them. */
export const yolov8Transposed = defineFamily<object>({
  license: yolov8.license,
  iouThreshold: 0.7,
  evaluationThreshold: 0.001,
  multiLabel: false,
  size: 640,
  recipe: UNIT_LETTERBOX,
  parameters,
  name: 'yolov8-transposed',
  title: 'YOLOv8, transposed',
  claim: transposedClaim,
  isPlausible(outputs) {
    const rows = [...rowsOf(Object.values(outputs)[0]!)];
    const boxes = rows.map((row) => [row[0]!, row[1]!, row[2]!, row[3]!] as const);
    return areScores(rows.flatMap((row) => [...row.subarray(4)])) && arePixels(boxes) && !areCorners(boxes);
  },
  decode(outputs, _, view, add) {
    for (const row of rowsOf(Object.values(outputs)[0]!)) {
      const [x, y, w, h] = row;
      addScores(row, 4, 1, row.length - 4, 1, view, (score, classId) =>
        add(x! - w! / 2, y! - h! / 2, x! + w! / 2, y! + h! / 2, score, classId),
      );
    }
  },
});

/** LibreYOLO's YOLO9: the shape of YOLOv8, but boxes as corners. */
export const yolo9 = defineFamily<object>({
  name: 'yolo9',
  title: 'LibreYOLO YOLO9',
  license: 'MIT',
  iouThreshold: 0.45,
  evaluationThreshold: 0.001,
  multiLabel: false,
  size: 640,
  recipe: { ...UNIT_LETTERBOX, letterbox: undefined },
  parameters,
  claim(graph, { isAsked }) {
    const { metadata } = graph;
    const bare = bareClaim(graph);
    if (!bare) return undefined;
    if (isAsked) return { ...bare, classes: metadataNames(graph) };
    if (metadata['task'] === 'detect' && metadata['model_family'] === undefined) return undefined;
    if (metadata['model_family'] === undefined) {
      return metadata['task'] === undefined ? { ...bare, classes: metadataNames(graph) } : undefined;
    }
    if (!/^yolo-?v?9/i.test(metadata['model_family'])) return undefined;
    const evidence = `metadata model_family "${metadata['model_family']}", ${bare.evidence}`;
    return { ...bare, by: 'metadata', evidence, classes: metadataNames(graph) };
  },
  isPlausible(outputs) {
    const output = Object.values(outputs)[0]!;
    const boxes = [...channelBoxes(output)];
    return areScores(channelScores(output)) && arePixels(boxes) && areCorners(boxes);
  },
  decode: (outputs, _, view, add) => decodeChannelRows(Object.values(outputs)[0]!, true, view, add),
});
