import * as z from 'zod';
import { recipeSchema } from '../../../image/recipe/recipe-schema.ts';
import type { AddBox, DecoderView, Outputs } from '../../decoders/decoder.ts';
import { outputNamed, shapeText } from '../../decoders/ports.ts';
import { defineFamily, type GraphFacts } from '../family.ts';
import { UNIT_LETTERBOX } from '../recipes.ts';
import { rowsOf } from '../rows.ts';

/** Metadata that `export --decode` and `--nms` write into an ONNX file. */
const metadataSchema = z.object({
  classes: z.array(z.string()).min(1),
  recipe: recipeSchema,
  decoded: z.literal(true),
  nms: z.boolean(),
});

function exported({ metadata }: GraphFacts): z.infer<typeof metadataSchema> | undefined {
  try {
    return metadataSchema.safeParse(JSON.parse(metadata['micro-yolo'] ?? 'null')).data;
  } catch {
    return undefined;
  }
}

/** False for boxes of diverged models. */
const isBox = (row: Float32Array) => row.every(Number.isFinite);

/** Decodes one box of each prediction for each class above the threshold. */
function decodeRows({ boxes, scores }: Outputs, { scoreThreshold }: DecoderView, add: AddBox): void {
  const byClass = rowsOf(scores!);
  for (const box of rowsOf(boxes!)) {
    const row = byClass.next().value as Float32Array;
    if (!isBox(box)) continue;
    const [left, top, right, bottom] = box;
    for (const [classId, score] of row.entries()) {
      if (score > scoreThreshold) add(left!, top!, right!, bottom!, score, classId);
    }
  }
}

/** Decodes one box per row, with its score and label. The label −1 ends the list. */
function decodeKept({ boxes, scores, labels }: Outputs, { scoreThreshold }: DecoderView, add: AddBox): void {
  let place = 0;
  for (const box of rowsOf(boxes!)) {
    const [score, label] = [scores!.data[place]!, labels!.data[place++]!];
    if (label < 0) return;
    const [left, top, right, bottom] = box;
    if (isBox(box) && score > scoreThreshold) add(left!, top!, right!, bottom!, score, label);
  }
}

/** This library's own export with decoding in the graph, and optionally suppression. */
export const microYoloDecoded = defineFamily<{ readonly nms: boolean }>({
  name: 'micro-yolo-decoded',
  title: "micro-yolo's own export, decoded",
  license: 'as its provenance says',
  iouThreshold: 0.45,
  evaluationThreshold: 0.001,
  multiLabel: true,
  size: 320,
  recipe: UNIT_LETTERBOX,
  parameters: z.strictObject({ nms: z.boolean() }),
  claim(graph) {
    const description = exported(graph);
    const [boxes, scores] = [outputNamed(graph, /^boxes$/), outputNamed(graph, /^scores$/)];
    if (!description || !boxes || !scores || graph.image.type !== 'uint8') return undefined;
    const { classes, recipe, nms } = description;
    if (nms ? !outputNamed(graph, /^labels$/) : scores.shape[2] !== classes.length) return undefined;
    return {
      by: 'metadata',
      evidence: `metadata micro-yolo: decoded boxes ${shapeText(boxes.shape)}${nms ? ', suppressed' : ''}`,
      parameters: { nms },
      classCount: classes.length,
      classes,
      // The graph includes the color order and scaling.
      recipe: { ...recipe, colorOrder: 'rgb', mean: 0, std: 1 },
    };
  },
  isSuppressed: ({ nms }) => nms,
  decode: (outputs, { nms }, view, add) => (nms ? decodeKept : decodeRows)(outputs, view, add),
});
