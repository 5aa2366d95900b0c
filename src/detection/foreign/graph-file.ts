import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { recipeSchema } from '../../image/recipe/recipe-schema.ts';
import { GRAPH_VERSION, METADATA_KEY, parseMetadata } from '../../models/formats/safetensors/description.ts';
import { readSafetensors, writeSafetensors } from '../../models/formats/safetensors/safetensors.ts';
import { FAMILIES, familyNamed } from '../families/families.ts';
import type { RecognizedGraph } from './load-graph-model.ts';

/** Name of the tensor that contains the ONNX file. */
const TENSOR = 'onnx';

const side = z.number().int().min(1).max(65_536);

const descriptionSchema = z.strictObject({
  version: z.literal(GRAPH_VERSION),
  kind: z.literal('graph'),
  name: z.string().min(1),
  input: z.strictObject({
    name: z.string(),
    type: z.enum(['float', 'float16', 'uint8']),
    layout: z.enum(['nchw', 'nhwc', 'chw', 'hwc']),
    batch: z.number().int().min(1).max(65_536),
    width: side,
    height: side,
    extras: z.record(
      z.string(),
      z.strictObject({
        type: z.enum(['float', 'int64', 'int32']),
        shape: z.array(z.number().int().min(1)).max(8),
        value: z.enum(['scale-yx', 'photo-hw', 'photo-wh', 'input-hw', 'pixel-mask']),
      }),
    ),
  }),
  decoder: z.strictObject({ family: z.string(), parameters: z.unknown() }),
  classes: z.array(z.string()).min(1),
  recipe: recipeSchema,
  provenance: z.record(z.string(), z.string()),
  /** Evidence for the family at import. */
  evidence: z.string(),
});

type Description = z.infer<typeof descriptionSchema>;

/** Checks every field of a description. Reading and writing share this check, so that written files can be read. */
function checkDescription(json: unknown, fail: (problem: string) => never): Description {
  const parsed = descriptionSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return fail(`its description at ${issue.path.join('.') || 'the top'}: ${issue.message}`);
  }
  const { family: name, parameters } = parsed.data.decoder;
  const family = familyNamed(name);
  if (!family) {
    return fail(
      `its family ${name} is unknown, expected one of ${FAMILIES.map((known) => known.name).join(', ')}`,
    );
  }
  const checked = family.parameters.safeParse(parameters);
  if (checked.success) return parsed.data;
  const issue = checked.error.issues[0]!;
  return fail(`its description at decoder.parameters.${issue.path.join('.')}: ${issue.message}`);
}

/**
 * Reads a model file with a third-party graph. Its family is not determined again.
 * @throws MicroYoloError `not-found`, or `invalid-file` if it is damaged
 */
export async function readGraphModel(path: string): Promise<RecognizedGraph> {
  const { tensors, metadata } = await readSafetensors(path);
  const fail = (problem: string): never => {
    throw new MicroYoloError('invalid-file', `${path}: ${problem}; import it again, or update micro-yolo`, {
      path,
    });
  };
  const { version: _, evidence, ...description } = checkDescription(parseMetadata(metadata, path), fail);
  const onnx = tensors.get(TENSOR);
  if (onnx?.type !== 'U8' || tensors.size !== 1) return fail(`expected one tensor named ${TENSOR}, of U8`);
  const title = familyNamed(description.decoder.family)!.title;
  return { model: { ...description, onnx: onnx.bytes }, title, evidence, notes: [] };
}

/**
 * Writes a recognized graph to one model file, atomically.
 * @param onnx the ONNX file's bytes, which include all tensors
 * @throws MicroYoloError `unsupported` if its description could not be read back, `not-writable`
 */
export async function writeGraphModel(
  path: string,
  { model, evidence }: Pick<RecognizedGraph, 'model' | 'evidence'>,
  onnx: Uint8Array,
): Promise<void> {
  const { onnx: _, ...rest } = model;
  const description = { version: GRAPH_VERSION, ...rest, evidence };
  checkDescription(description, (problem) => {
    throw new MicroYoloError('unsupported', `${path}: ${problem}; a model file needs one that fits`);
  });
  await writeSafetensors(path, {
    tensors: new Map([[TENSOR, { type: 'U8', shape: [onnx.byteLength], bytes: onnx }]]),
    metadata: { format: 'micro-yolo', [METADATA_KEY]: JSON.stringify(description) },
  });
}
