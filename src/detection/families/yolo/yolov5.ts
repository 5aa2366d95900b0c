import * as z from 'zod';
import { cellCount } from '../../decoders/cells.ts';
import type { AddBox, DecoderView, OutputTensor } from '../../decoders/decoder.ts';
import { areCorners, arePixels, areScores } from '../../decoders/plausible.ts';
import { shapeText } from '../../decoders/ports.ts';
import { addScores } from '../../decoders/scores.ts';
import { type Claim, defineFamily, type GraphFacts } from '../family.ts';
import { metadataNames, metadataSize } from '../metadata.ts';
import { CENTERED, UNIT_LETTERBOX } from '../recipes.ts';
import { rowsOf } from '../rows.ts';

const parameters = z.strictObject({ output: z.string() });

type Parameters = z.infer<typeof parameters>;

/** Three anchors per cell at strides 8, 16 and 32. Larger models have a fourth grid with stride 64. */
const STRIDES = [
  [8, 16, 32],
  [8, 16, 32, 64],
] as const;

/** Recognizes decoded boxes [1, 3 · cells, 5 + classes], with or without raw maps as further outputs. */
function anchorsClaim(graph: GraphFacts): Claim<Parameters> | undefined {
  const { outputs, image, metadata } = graph;
  const flat = outputs.filter(({ shape }) => shape.length === 3);
  const [output] = flat;
  if (!output || flat.length !== 1 || outputs.some(({ shape }) => shape.length !== 3 && shape.length !== 5))
    return undefined;
  const [, rows, channels] = output.shape;
  if (channels === undefined || channels < 6) return undefined;
  if (!STRIDES.some((strides) => 3 * cellCount(image.width, image.height, strides) === rows))
    return undefined;
  const evidence = `output ${shapeText(output.shape)}: three anchors per cell, 5 + ${channels - 5} values`;
  const names = metadataNames(graph);
  const claim = {
    parameters: { output: output.name },
    classCount: channels - 5,
    classes: names,
    size: metadataSize(graph),
  };
  if (names && metadata['stride'] !== undefined) {
    return { by: 'metadata', evidence: `metadata names and stride, ${evidence}`, ...claim };
  }
  return { by: 'shapes', evidence, ...claim };
}

function decode(output: OutputTensor, isObjectnessAlone: boolean, view: DecoderView, add: AddBox): void {
  const classes = output.shape.at(-1)! - 5;
  for (const row of rowsOf(output)) {
    const objectness = row[4]!;
    if (!(objectness > view.scoreThreshold)) continue;
    const [x, y, halfWidth, halfHeight] = [row[0]!, row[1]!, row[2]! / 2, row[3]! / 2];
    const put = (score: number, classId: number) =>
      add(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight, score, classId);
    if (isObjectnessAlone) put(objectness, 0);
    else addScores(row, 5, 1, classes, objectness, view, put);
  }
}

const shared = {
  iouThreshold: 0.45,
  evaluationThreshold: 0.001,
  multiLabel: false,
  size: 640,
  recipe: { ...UNIT_LETTERBOX, letterbox: { ...CENTERED, unscale: 'exact' } },
  parameters,
  isPlausible(outputs: Readonly<Record<string, OutputTensor>>, { output }: Parameters): boolean {
    const rows = [...rowsOf(outputs[output]!)];
    const boxes = rows.map((row) => [row[0]!, row[1]!, row[2]!, row[3]!] as const);
    return areScores(rows.flatMap((row) => [...row.subarray(4)])) && arePixels(boxes) && !areCorners(boxes);
  },
} as const;

/** YOLOv5. The score is objectness × class. */
export const yolov5 = defineFamily<Parameters>({
  ...shared,
  name: 'yolov5',
  title: 'YOLOv5 or YOLOv7',
  license: "AGPL-3.0 or GPL-3.0 if made with the authors' code",
  claim: (graph) => anchorsClaim(graph),
  decode: (outputs, { output }, view, add) => decode(outputs[output]!, false, view, add),
});

/** YOLOv7 with one class. The score is the objectness alone. With several classes, it equals YOLOv5. */
export const yolov7 = defineFamily<Parameters>({
  ...shared,
  name: 'yolov7',
  title: 'YOLOv7 of one class',
  license: "GPL-3.0 if made with the authors' code",
  claim(graph, { isAsked }) {
    const claim = anchorsClaim(graph);
    if (!claim || (!isAsked && (claim.classCount !== 1 || claim.by === 'metadata'))) return undefined;
    return claim;
  },
  decode: (outputs, { output }, view, add) =>
    decode(outputs[output]!, outputs[output]!.shape.at(-1) === 6, view, add),
});
