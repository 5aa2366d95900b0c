import { forEachCell } from '../../decoders/cells.ts';
import type { AddBox, DecoderView, Outputs } from '../../decoders/decoder.ts';
import { areCorners, arePixels, areScores } from '../../decoders/plausible.ts';
import { addFromPhoto, addScores } from '../../decoders/scores.ts';
import { expectedDistance } from '../distances.ts';
import { defineFamily, type GraphFacts } from '../family.ts';
import { IMAGENET, UNIT_LETTERBOX } from '../recipes.ts';
import { rowsOf } from '../rows.ts';
import {
  boxesClaim,
  cellsClaim,
  claimBy,
  joinedClaim,
  type Parameters,
  parameters,
  rowsClaim,
} from './claims.ts';

const STRETCHED = { ...UNIT_LETTERBOX, ...IMAGENET, resize: 'stretch', letterbox: undefined } as const;

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

/** PicoDet (https://arxiv.org/abs/2111.00902): complete, without suppression, or raw. */
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
