import * as z from 'zod';
import { recipeSchema } from '../../../image/recipe/recipe-schema.ts';
import { decodeHeads, HEADS_DEFAULTS } from '../../decoders/heads.ts';
import { defineFamily, type GraphFacts } from '../family.ts';
import { UNIT_LETTERBOX } from '../recipes.ts';

const base = {
  name: z.string(),
  classes: z.number().int().positive(),
  anchors: z.array(z.tuple([z.number().positive(), z.number().positive()])).min(1),
};

const heads = z
  .array(
    z.discriminatedUnion('type', [
      z.object({
        type: z.literal('yolo'),
        ...base,
        scaleXY: z.number().positive(),
        center: z.enum(['sigmoid', 'linear']).optional(),
      }),
      z.object({ type: z.literal('region'), ...base, softmax: z.boolean() }),
    ]),
  )
  .min(1);

const parameters = z.strictObject({ heads });

type Parameters = z.infer<typeof parameters>;

/** Metadata that `export` writes into an ONNX file. Fields of a head that decoding does not need are dropped. */
const metadataSchema = z.object({
  classes: z.array(z.string()).min(1),
  recipe: recipeSchema,
  heads,
  provenance: z.record(z.string(), z.string()).optional(),
});

function exported({ metadata }: GraphFacts): z.infer<typeof metadataSchema> | undefined {
  try {
    return metadataSchema.safeParse(JSON.parse(metadata['micro-yolo'] ?? 'null')).data;
  } catch {
    return undefined;
  }
}

/** This library's own export: heads with logits. The graph accepts decoded photos. */
export const microYolo = defineFamily<Parameters>({
  name: 'micro-yolo',
  title: "micro-yolo's own export",
  license: 'unknown',
  ...HEADS_DEFAULTS,
  size: 320,
  recipe: UNIT_LETTERBOX,
  parameters,
  claim(graph) {
    const description = exported(graph);
    if (!description) return undefined;
    const { classes, recipe, heads, provenance } = description;
    const hasHeads = heads.every(
      (head) =>
        head.classes === classes.length &&
        graph.outputs.find(({ name }) => name === head.name)?.shape[1] ===
          head.anchors.length * (5 + classes.length),
    );
    if (!hasHeads || graph.image.type !== 'uint8') return undefined;
    return {
      by: 'metadata',
      evidence: `metadata micro-yolo: heads ${heads.map(({ name }) => name).join(', ')}`,
      parameters: { heads },
      classCount: classes.length,
      classes,
      provenance,
      // The graph includes the color order and scaling.
      recipe: { ...recipe, colorOrder: 'rgb', mean: 0, std: 1 },
    };
  },
  decode: (outputs, { heads }, view, add) => decodeHeads(heads, outputs, view, add),
});
