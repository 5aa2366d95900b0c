import type { XyxyPx } from '../../boxes/formats.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { FeatureShape, Network, YoloLayer } from '../../network/layers.ts';
import { outputLayers } from '../../network/layers.ts';
import { inferShapes } from '../../network/shapes.ts';

/** A true object in the network's input image. */
export interface Truth {
  /** Left, top, right, bottom in pixels of the network's input. */
  readonly box: XyxyPx;
  /** Class index, from 0. */
  readonly classId: number;
  /** Weight of the object in the loss, 0–1. @default 1 */
  readonly weight?: number | undefined;
}

/** A yolo layer and its grid. */
export interface Head {
  /** The output layer. */
  readonly layer: YoloLayer;
  /** Number of rows of cells. */
  readonly rows: number;
  /** Number of columns of cells. */
  readonly columns: number;
  /** Width of a cell, in pixels of the input. */
  readonly strideX: number;
  /** Height of a cell, in pixels of the input. */
  readonly strideY: number;
}

/** Targets of a head for a batch of images. Cells are in row-major order. */
export interface HeadTargets {
  /** [N, anchors, 1, cells]: 1 if an object is assigned, otherwise 0. */
  readonly positive: Float32Array;
  /** [N, anchors, 4, cells]: center x, center y, width, height in pixels of the input. */
  readonly box: Float32Array;
  /** [N, anchors, 1, cells]: class index. */
  readonly classId: Float32Array;
  /** [N, anchors, 1, cells]: weight of the assigned object; 0 if none is assigned. */
  readonly weight: Float32Array;
  /** [N, anchors, 1, cells]: index of the object in its image; −1 if none is assigned. */
  readonly truth: Int32Array;
}

/** An anchor cell that an object is assigned to. */
export interface Assignment {
  /** Index of the head, from 0. */
  readonly head: number;
  /** Index of the anchor in its head, from 0. */
  readonly anchor: number;
  /** Row of the cell, from 0. */
  readonly row: number;
  /** Column of the cell, from 0. */
  readonly column: number;
  /** Quality of the match. If two objects compete for an anchor cell, the better match wins. */
  readonly match: number;
}

/** Decides, from boxes alone, which anchor cells an object is assigned to. */
export type Assigner = (truth: Truth, heads: readonly Head[]) => readonly Assignment[];

/** @throws MicroYoloError `unsupported` if the network has an output other than `yolo` */
export function yoloHeads(network: Network): readonly Head[] {
  const shapes = inferShapes(network);
  const [, height, width] = network.input;
  return outputLayers(network).map((layer) => {
    if (layer.type !== 'yolo') {
      throw new MicroYoloError(
        'unsupported',
        `${network.name}: output ${layer.name} is ${layer.type}; the detection loss trains yolo outputs`,
      );
    }
    const [, rows, columns] = shapes.get(layer.name) as FeatureShape;
    return { layer, rows, columns, strideX: width / columns, strideY: height / rows };
  });
}

/** Whether the box has an area. Objects without one are ignored. */
export function isBox({ box: [left, top, right, bottom] }: Truth): boolean {
  return right > left && bottom > top;
}

/** Computes dense targets of each head for the truths of a batch. Empty boxes are skipped. */
export function denseTargets(
  images: readonly (readonly Truth[])[],
  heads: readonly Head[],
  assign: Assigner,
): readonly HeadTargets[] {
  const targets = heads.map(({ layer, rows, columns }) => {
    const places = images.length * layer.anchors.length * rows * columns;
    return {
      positive: new Float32Array(places),
      box: new Float32Array(4 * places),
      classId: new Float32Array(places),
      weight: new Float32Array(places),
      truth: new Int32Array(places).fill(-1),
      match: new Float64Array(places),
    };
  });
  images.forEach((truths, image) => {
    for (const [index, truth] of truths.entries()) {
      if (!isBox(truth)) continue;
      const [left, top, right, bottom] = truth.box;
      for (const { head, anchor, row, column, match } of assign(truth, heads)) {
        const { layer, rows, columns } = heads[head]!;
        const target = targets[head]!;
        const cells = rows * columns;
        const group = image * layer.anchors.length + anchor;
        const cell = row * columns + column;
        const place = group * cells + cell;
        if (target.positive[place] === 1 && target.match[place]! >= match) continue;
        target.positive[place] = 1;
        target.match[place] = match;
        target.classId[place] = truth.classId;
        target.weight[place] = truth.weight ?? 1;
        target.truth[place] = index;
        const box = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
        box.forEach((value, part) => {
          target.box[(group * 4 + part) * cells + cell] = value;
        });
      }
    }
  });
  return targets.map(({ match: _, ...target }) => target);
}

/** Cell that contains a point, in pixels. Points on the right or bottom edge are in the last cell. */
export function cellAt(x: number, y: number, head: Head): readonly [row: number, column: number] {
  const within = (value: number, count: number) => Math.min(Math.max(Math.floor(value), 0), count - 1);
  return [within(y / head.strideY, head.rows), within(x / head.strideX, head.columns)];
}
