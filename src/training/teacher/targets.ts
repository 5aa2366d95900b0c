import { isDeepStrictEqual } from 'node:util';
import type { XyxyPx } from '../../boxes/formats.ts';
import { yoloLayers } from '../../network/detection-outputs.ts';
import type { Anchor, Network } from '../../network/layers.ts';
import { bestAnchor } from '../assigners/best-anchor.ts';
import { teacherInputs } from '../heads/inputs.ts';
import { type Head, yoloHeads } from '../heads/targets.ts';
import type { DetectionBatch } from '../loader/batch.ts';

/** A prediction of a teacher, with any anchors and grid. */
export interface TeacherPrediction {
  /** Box in pixels of the student's input. */
  readonly box: XyxyPx;
  /** Objectness, 0–1. */
  readonly objectness: number;
  /** Score of each of the teacher's classes, given that there is an object, 0–1. */
  readonly classScores: ArrayLike<number>;
  /**
   * Position of the prediction: its output, anchor and cell in row-major order. Undefined for a teacher without
   * grids.
   */
  readonly place?: AnchorCell | undefined;
}

/** An anchor in a cell of the student's grid. */
export interface AnchorCell {
  /** Index of the output, from 0. */
  readonly output: number;
  /** Index of the anchor in its output, from 0. */
  readonly anchor: number;
  /** Index of the cell in row-major order, from 0. */
  readonly cell: number;
}

/** Predictions with lower objectness count as background. */
export const TEACHER_FLOOR = 0.05;

/** Grid and anchors of a teacher's output. */
export interface TeacherGrid {
  /** Anchors, in pixels of the input. */
  readonly anchors: readonly Anchor[];
  /** Width of a cell, in pixels of the input. */
  readonly strideX: number;
  /** Height of a cell, in pixels of the input. */
  readonly strideY: number;
}

/** Grids of a teacher's outputs, in the order of `yoloLayers`. */
export function teacherGrids(network: Network): readonly TeacherGrid[] {
  const heads = yoloHeads(network);
  return yoloLayers(network).map(({ name }) => {
    const { layer, strideX, strideY } = heads.find((head) => head.layer.name === name)!;
    return { anchors: layer.anchors, strideX, strideY };
  });
}

/**
 * Finds, for each head of the student, the teacher's output with the same grid and anchors. `undefined` if a head or an
 * output has no counterpart.
 */
export function sharedOutputs(
  grids: readonly TeacherGrid[],
  heads: readonly Head[],
): readonly number[] | undefined {
  const shared = heads.map(({ layer, strideX, strideY }) =>
    grids.findIndex(
      (grid) =>
        grid.strideX === strideX &&
        grid.strideY === strideY &&
        isDeepStrictEqual(grid.anchors, layer.anchors),
    ),
  );
  return shared.includes(-1) || new Set(shared).size !== grids.length ? undefined : shared;
}

/**
 * Places a teacher's predictions for a batch on the student's grids: the inputs of a step with distillation. If the
 * grids and anchors of teacher and student are the same, each prediction stays in its anchor cell. Otherwise, it goes
 * where `bestAnchor` assigns a truth with its box. If several predictions share an anchor cell, the one with the
 * highest objectness is kept.
 * @param predictions predictions for each image, before or after NMS
 * @param classMap the teacher's class for each class of the student; `undefined` gives score 0
 * @param grids grids of the teacher; empty if unknown
 * @param floor minimum objectness
 */
export function teacherTargets(
  predictions: readonly (readonly TeacherPrediction[])[],
  heads: readonly Head[],
  classMap: readonly (number | undefined)[],
  grids: readonly TeacherGrid[],
  floor = TEACHER_FLOOR,
): DetectionBatch['tensors'] {
  const batch = predictions.length;
  const shared = sharedOutputs(grids, heads);
  const placesOf = ({ box, place }: TeacherPrediction) =>
    shared && place
      ? [{ head: shared.indexOf(place.output), anchor: place.anchor, cell: place.cell }]
      : bestAnchor({ box, classId: 0 }, heads).map(({ head, anchor, row, column }) => ({
          head,
          anchor,
          cell: row * heads[head]!.columns + column,
        }));
  const targets = heads.map(({ layer, rows, columns }) => {
    const [anchors, cells] = [layer.anchors.length, rows * columns];
    const tensor = (parts: number) => ({
      shape: [batch, anchors, parts, cells],
      data: new Float32Array(batch * anchors * parts * cells),
    });
    return { objectness: tensor(1), box: tensor(4), classes: tensor(layer.classes), anchors, cells };
  });
  predictions.forEach((found, image) => {
    for (const prediction of found) {
      const { box: edges, objectness, classScores } = prediction;
      const [left, top, right, bottom] = edges;
      if (!(objectness >= floor && right > left && bottom > top)) continue;
      const box = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
      const scores = classMap.map((id) => (id === undefined ? 0 : (classScores[id] ?? 0)));
      for (const { head, anchor, cell } of placesOf(prediction)) {
        const target = targets[head]!;
        const group = image * target.anchors + anchor;
        if (target.objectness.data[group * target.cells + cell]! >= objectness) continue;
        const put = ({ data }: { readonly data: Float32Array }, values: readonly number[]) => {
          values.forEach((value, part) => {
            data[(group * values.length + part) * target.cells + cell] = value;
          });
        };
        put(target.objectness, [objectness]);
        put(target.box, box);
        put(target.classes, scores);
      }
    }
  });
  return Object.fromEntries(
    heads.flatMap(({ layer }, index) => {
      const { objectness, box, classes } = targets[index]!;
      const names = teacherInputs(layer.name);
      return [
        [names.objectness, objectness],
        [names.box, box],
        [names.classes, classes],
      ] as const;
    }),
  );
}
