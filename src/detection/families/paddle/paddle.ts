import * as z from 'zod';
import { cellCount, forEachCell } from '../../decoders/cells.ts';
import type { AddBox, DecoderView, Outputs } from '../../decoders/decoder.ts';
import { areCorners, arePixels, areScores } from '../../decoders/plausible.ts';
import { shapeText } from '../../decoders/ports.ts';
import { addFromPhoto, addScores } from '../../decoders/scores.ts';
import { expectedDistance } from '../distances.ts';
import { type Claim, defineFamily, type GraphFacts, type GraphPort } from '../family.ts';
import { IMAGENET, UNIT_LETTERBOX } from '../recipes.ts';
import { rowsOf } from '../rows.ts';
import { paddleConfig } from './config.ts';

const STRETCHED = { ...UNIT_LETTERBOX, ...IMAGENET, resize: 'stretch', letterbox: undefined } as const;

const parameters = z.discriminatedUnion('form', [
  /** Rows of class, score, left, top, right, bottom in pixels of the photo; suppressed. */
  z.strictObject({ form: z.literal('rows'), output: z.string() }),
  /** Boxes [1, N, 4] of corners in pixels of the input, scores [1, classes, N]. */
  z.strictObject({ form: z.literal('boxes'), boxes: z.string(), scores: z.string() }),
  /** [1, N, 4 + classes], corners in pixels of the input. */
  z.strictObject({ form: z.literal('joined'), output: z.string() }),
  /** Of each grid scores [1, cells, classes] and distances [1, cells, 4 · bins]. */
  z.strictObject({
    form: z.literal('cells'),
    levels: z.array(z.strictObject({ scores: z.string(), distances: z.string(), stride: z.number() })),
  }),
]);

type Parameters = z.infer<typeof parameters>;
type Found = Pick<Claim<Parameters>, 'evidence' | 'parameters' | 'classCount'>;

function rowsClaim({ outputs }: GraphFacts): Found | undefined {
  const rows = outputs.filter(({ shape }) => shape.length === 2 && shape[1] === 6);
  if (rows.length !== 1 || outputs.length > 3) return undefined;
  const { name, shape } = rows[0]!;
  return {
    evidence: `output "${name}" ${shapeText(shape)}: rows of class, score and box`,
    parameters: { form: 'rows', output: name },
    classCount: undefined,
  };
}

function boxesClaim({ outputs }: GraphFacts): Found | undefined {
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

function joinedClaim({ outputs, image }: GraphFacts): Found | undefined {
  const [output] = outputs;
  const [, cells, channels] = output?.shape ?? [];
  if (outputs.length !== 1 || output?.shape.length !== 3 || channels === undefined || channels < 5)
    return undefined;
  if (cellCount(image.width, image.height, [8, 16, 32]) !== cells) return undefined;
  return {
    evidence: `output ${shapeText(output.shape)}: 4 + ${channels - 4} values a cell`,
    parameters: { form: 'joined', output: output.name },
    classCount: channels - 4,
  };
}

function cellsClaim({ outputs, image }: GraphFacts): Found | undefined {
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

/** The claim of a form, by the configuration beside the model or by the names of its ports. */
function claimBy(
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
  // Many call their input "image": of one joined output the values must tell.
  return isNamedSo ? { ...found, by: found.parameters.form === 'joined' ? 'shapes' : 'names' } : undefined;
}

const shared = {
  license: 'Apache-2.0',
  multiLabel: true,
  recipe: STRETCHED,
  parameters,
  isSuppressed: ({ form }: Parameters) => form === 'rows',
  decode(outputs: Outputs, given: Parameters, view: DecoderView, add: AddBox): void {
    switch (given.form) {
      case 'rows':
        for (const [label, score, left, top, right, bottom] of rowsOf(outputs[given.output]!)) {
          if (!(score! > view.scoreThreshold) || label! < 0) continue;
          addFromPhoto(view, [left!, top!, right!, bottom!], score!, label!, add);
        }
        return;
      case 'boxes': {
        const scores = outputs[given.scores]!;
        const [, classes, count] = scores.shape as readonly [number, number, number];
        let place = 0;
        for (const [left, top, right, bottom] of rowsOf(outputs[given.boxes]!)) {
          addScores(scores.data, place++, count, classes, 1, view, (score, classId) =>
            add(left!, top!, right!, bottom!, score, classId),
          );
        }
        return;
      }
      case 'joined':
        for (const row of rowsOf(outputs[given.output]!)) {
          const [left, top, right, bottom] = row;
          addScores(row, 4, 1, row.length - 4, 1, view, (score, classId) =>
            add(left!, top!, right!, bottom!, score, classId),
          );
        }
        return;
      case 'cells':
        for (const { scores: scoresName, distances: distancesName, stride } of given.levels) {
          const [scores, distances] = [outputs[scoresName]!, outputs[distancesName]!];
          const [classes, bins] = [scores.shape.at(-1)!, distances.shape.at(-1)! / 4];
          const { width, height } = view.input;
          forEachCell(width, height, [stride], (index, column, row) => {
            addScores(scores.data, index * classes, 1, classes, 1, view, (score, classId) => {
              const side = (place: number) =>
                expectedDistance(distances.data, (4 * index + place) * bins, bins) * stride;
              const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride];
              add(x - side(0), y - side(1), x + side(2), y + side(3), score, classId);
            });
          });
        }
    }
  },
} as const;

const isInput = ({ inputs }: GraphFacts, name: string) => inputs.some((input) => input.name === name);

/** PicoDet (https://arxiv.org/abs/2111.00902): whole, without suppression, or raw. */
export const picodet = defineFamily<Parameters>({
  ...shared,
  name: 'picodet',
  title: 'PicoDet',
  iouThreshold: 0.6,
  evaluationThreshold: 0.025,
  size: 416,
  claim(graph, { isAsked }) {
    const found = rowsClaim(graph) ?? boxesClaim(graph) ?? cellsClaim(graph);
    const isRows = found?.parameters.form === 'rows';
    const isNamedSo = isRows
      ? isInput(graph, 'im_shape') && isInput(graph, 'scale_factor')
      : graph.image.name === 'image';
    return claimBy(graph, found, /pico/i, isNamedSo || isAsked);
  },
});

/** PP-YOLOE and PP-YOLOE+ (https://arxiv.org/abs/2203.16250). */
export const ppYoloe = defineFamily<Parameters>({
  ...shared,
  name: 'pp-yoloe',
  title: 'PP-YOLOE',
  iouThreshold: 0.7,
  evaluationThreshold: 0.01,
  size: 640,
  claim(graph, { isAsked }) {
    const found = rowsClaim(graph) ?? joinedClaim(graph);
    const isRows = found?.parameters.form === 'rows';
    const isNamedSo = isRows && isInput(graph, 'scale_factor') && !isInput(graph, 'im_shape');
    return claimBy(graph, found, /yolo/i, isNamedSo || isAsked);
  },
  isPlausible(outputs, given) {
    if (given.form !== 'joined') return true;
    const rows = [...rowsOf(outputs[given.output]!)];
    const boxes = rows.map((row) => [row[0]!, row[1]!, row[2]!, row[3]!] as const);
    return areScores(rows.flatMap((row) => [...row.subarray(4)])) && arePixels(boxes) && areCorners(boxes);
  },
});
