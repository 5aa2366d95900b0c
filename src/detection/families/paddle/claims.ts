import * as z from 'zod';
import { cellCount } from '../../decoders/cells.ts';
import { shapeText } from '../../decoders/ports.ts';
import type { Claim, GraphFacts, GraphPort } from '../family.ts';
import { paddleConfig } from './config.ts';

/** How a PaddleDetection graph returns its boxes. */
export const parameters = z.discriminatedUnion('form', [
  /** Rows of class, score, left, top, right, bottom in pixels of the photo, after suppression. */
  z.strictObject({ form: z.literal('rows'), output: z.string() }),
  /** Boxes [1, N, 4] of corners in pixels of the input, scores [1, classes, N]. */
  z.strictObject({ form: z.literal('boxes'), boxes: z.string(), scores: z.string() }),
  /** [1, N, 4 + classes], with corners in pixels of the input. */
  z.strictObject({ form: z.literal('joined'), output: z.string() }),
  /** For each grid, scores [1, cells, classes] and distances [1, cells, 4 · bins]. */
  z.strictObject({
    form: z.literal('cells'),
    levels: z.array(z.strictObject({ scores: z.string(), distances: z.string(), stride: z.number() })),
  }),
]);

export type Parameters = z.infer<typeof parameters>;
type Found = Pick<Claim<Parameters>, 'evidence' | 'parameters' | 'classCount'>;

export function rowsClaim({ outputs }: GraphFacts): Found | undefined {
  const rows = outputs.filter(({ shape }) => shape.length === 2 && shape[1] === 6);
  if (rows.length !== 1 || outputs.length > 3) return undefined;
  const { name, shape } = rows[0]!;
  return {
    evidence: `output "${name}" ${shapeText(shape)}: rows of class, score and box`,
    parameters: { form: 'rows', output: name },
    classCount: undefined,
  };
}

export function boxesClaim({ outputs }: GraphFacts): Found | undefined {
  const boxes = outputs.find(({ shape }) => shape.length === 3 && shape[2] === 4);
  const scores = outputs.find(
    ({ shape }) => shape.length === 3 && shape[2] === boxes?.shape[1] && shape[2] !== 4,
  );
  if (outputs.length !== 2 || !boxes || !scores) return undefined;
  return {
    evidence: `outputs ${shapeText(boxes.shape)} of boxes and ${shapeText(scores.shape)} of scores`,
    parameters: { form: 'boxes', boxes: boxes.name, scores: scores.name },
    classCount: scores.shape[1],
  };
}

export function joinedClaim({ outputs, image }: GraphFacts): Found | undefined {
  const [output] = outputs;
  const [, cells, channels] = output?.shape ?? [];
  if (outputs.length !== 1 || output?.shape.length !== 3 || channels === undefined || channels < 5)
    return undefined;
  if (cellCount(image.width, image.height, [8, 16, 32]) !== cells) return undefined;
  return {
    evidence: `output ${shapeText(output.shape)}: 4 + ${channels - 4} values per cell`,
    parameters: { form: 'joined', output: output.name },
    classCount: channels - 4,
  };
}

export function cellsClaim({ outputs, image }: GraphFacts): Found | undefined {
  const strides = [8, 16, 32, 64];
  if (outputs.length !== 2 * strides.length) return undefined;
  const ofStride = (stride: number) =>
    outputs.filter(
      ({ shape }) => shape.length === 3 && shape[1] === cellCount(image.width, image.height, [stride]),
    );
  const levels = strides.map((stride) => ({ stride, ports: ofStride(stride) }));
  if (levels.some(({ ports }) => ports.length !== 2)) return undefined;
  const isFirst = (port: GraphPort) => outputs.indexOf(port) < outputs.length / 2;
  const found = levels.map(({ stride, ports }) => {
    const scores = ports.find(isFirst) ?? ports[0]!;
    const distances = ports.find((port) => port !== scores)!;
    return { scores: scores.name, distances: distances.name, stride };
  });
  const columns = outputs.find(({ name }) => name === found[0]!.scores)!.shape[2];
  return {
    evidence: `${outputs.length} outputs: scores and distances of the strides ${strides.join(', ')}`,
    parameters: { form: 'cells', levels: found },
    classCount: columns,
  };
}

/** Returns the claim for a form of output, based on the configuration beside the model or on the names of its ports. */
export function claimBy(
  graph: GraphFacts,
  found: Found | undefined,
  arch: RegExp,
  isNamedSo: boolean,
): Claim<Parameters> | undefined {
  if (!found) return undefined;
  const config = paddleConfig(graph);
  if (config) {
    if (!arch.test(config.arch)) return undefined;
    const { names: classes, recipe } = config;
    return {
      ...found,
      by: 'files',
      evidence: `infer_cfg.yml names ${config.arch}, ${found.evidence}`,
      classes,
      recipe,
    };
  }
  // Other families also name their input "image". For a single joined output, the values must decide.
  return isNamedSo ? { ...found, by: found.parameters.form === 'joined' ? 'shapes' : 'names' } : undefined;
}
