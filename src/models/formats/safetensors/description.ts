import * as z from 'zod';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { classCount, type Network, outputLayers } from '../../../network/layers.ts';
import { inferShapes } from '../../../network/shapes.ts';
import type { Model } from '../../model.ts';
import { networkSchema } from './network-schema.ts';

/** Metadata key whose JSON value describes all of a model except its weights. */
export const METADATA_KEY = 'micro-yolo';

/**
 * Versions of descriptions: of this library's own networks, of third-party graphs, and of networks with shared weights.
 */
const NETWORK_VERSION = 1;
export const GRAPH_VERSION = 2;
const SHARED_VERSION = 3;

/** One number for all colors, or one per color. */
const byColor = (number: z.ZodNumber) => z.union([number, z.tuple([number, number, number])]);

const descriptionSchema = z.strictObject({
  version: z.literal([NETWORK_VERSION, SHARED_VERSION]),
  network: networkSchema,
  classes: z.array(z.string()),
  recipe: z.strictObject({
    resize: z.enum(['letterbox', 'stretch', 'crop']),
    resampling: z.enum(['bilinear', 'area']),
    colorOrder: z.enum(['rgb', 'bgr']),
    mean: byColor(z.number()),
    std: byColor(z.number().positive()),
    fill: z.number().min(0).max(255),
  }),
  provenance: z.record(z.string(), z.string()),
  /** Shapes of the tensors with shared weights, by name. */
  shared: z.record(z.string(), z.array(z.number().int().min(1))).optional(),
});

/** A model without its weights. */
export type ModelDescription = Omit<Model, 'weights'>;

/** A description as stored in a file. */
export type CheckedDescription = Omit<z.infer<typeof descriptionSchema>, 'version'>;

/** Checks what single fields do not show, such as layers that do not fit each other. */
function networkProblem(network: Network): string | undefined {
  try {
    inferShapes(network);
  } catch (error) {
    if (error instanceof MicroYoloError) return error.message;
    throw error;
  }
  const counts = new Set(outputLayers(network).map(({ classes }) => classes));
  if (counts.size === 0) return 'its network has no output layer';
  if (counts.size > 1)
    return `its outputs have ${[...counts].join(' and ')} classes, expected the same number`;
  return undefined;
}

/** Checks every field of a description. Reading and writing share this check, so that written files can be read. */
function checkDescription(json: unknown, fail: (problem: string) => never): CheckedDescription {
  const parsed = descriptionSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return fail(`its description at ${issue.path.join('.') || 'the top'}: ${issue.message}`);
  }
  const { version, ...description } = parsed.data;
  if ((version === SHARED_VERSION) !== (description.shared !== undefined)) {
    return fail(
      `version ${version}, expected ${SHARED_VERSION} with shared tensors and ${NETWORK_VERSION} without`,
    );
  }
  const problem = networkProblem(description.network);
  if (problem) return fail(problem);
  const count = classCount(description.network);
  if (description.classes.length !== count) {
    return fail(`${description.classes.length} class names, but its network has ${count} classes`);
  }
  return description;
}

/**
 * Parses the JSON in a model file's metadata, and checks that its version is known.
 * @throws MicroYoloError `invalid-file`, or `unsupported` for a file of a later version
 */
export function parseMetadata(metadata: Readonly<Record<string, string>>, path: string): unknown {
  const text = metadata[METADATA_KEY];
  const fail = (problem: string): never => {
    throw new MicroYoloError('invalid-file', `${path}: ${problem}; expected a model written by micro-yolo`, {
      path,
    });
  };
  if (text === undefined) return fail('has no micro-yolo network in its metadata');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail('its network is not JSON');
  }
  const version = z.object({ version: z.number() }).safeParse(json).data?.version ?? 0;
  if (version > SHARED_VERSION) {
    throw new MicroYoloError(
      'unsupported',
      `${path}: a model file of version ${version}, expected at most ${SHARED_VERSION}; update micro-yolo`,
    );
  }
  return json;
}

/** Whether a model file contains a third-party graph, according to its metadata, and not a network of this library. */
export function holdsGraph(metadata: Readonly<Record<string, string>>): boolean {
  try {
    return z.object({ kind: z.literal('graph') }).safeParse(JSON.parse(metadata[METADATA_KEY] ?? 'null'))
      .success;
  } catch {
    return false;
  }
}

/**
 * Reads the description in a model file's metadata.
 * @throws MicroYoloError `invalid-file`, or `unsupported` if it contains a third-party graph
 */
export function parseDescription(
  metadata: Readonly<Record<string, string>>,
  path: string,
): CheckedDescription {
  if (holdsGraph(metadata)) {
    throw new MicroYoloError(
      'unsupported',
      `${path}: contains an ONNX graph, which cannot be changed; expected one of micro-yolo's own networks`,
    );
  }
  return checkDescription(parseMetadata(metadata, path), (problem) => {
    throw new MicroYoloError('invalid-file', `${path}: ${problem}; expected a model written by micro-yolo`, {
      path,
    });
  });
}

/**
 * Formats a description as a model file's metadata.
 * @throws MicroYoloError `unsupported` if it could not be read back
 */
export function formatDescription(
  model: ModelDescription,
  path: string,
  shared?: CheckedDescription['shared'],
): Readonly<Record<string, string>> {
  const { network, classes, recipe, provenance } = model;
  const version = shared === undefined ? NETWORK_VERSION : SHARED_VERSION;
  const description = { version, network, classes, recipe, provenance, shared };
  checkDescription(description, (problem) => {
    throw new MicroYoloError('unsupported', `${path}: ${problem}; a safetensors model needs one that fits`);
  });
  return { format: 'micro-yolo', [METADATA_KEY]: JSON.stringify(description) };
}
