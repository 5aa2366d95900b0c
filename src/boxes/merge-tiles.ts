import { Candidates } from './candidates.ts';
import type { XyxyPx } from './formats.ts';

/** The boxes found in one tile, in pixels of the whole image. */
export interface TileBoxes {
  readonly candidates: Candidates;
  /** Position of the tile in the image: left, top, right, bottom. */
  readonly tile: XyxyPx;
}

/** A box closer to a tile's edge than this share of the tile's side counts as cut. */
const NEAR_EDGE = 0.015;
/** A cut box is dropped if another box covers at least this share of it. */
const COVERED = 0.6;
/** The other box must have at least this share of the cut box's score. */
const LEAST_SHARE = 0.5;

/** Whether a box ends at an edge of its tile that is not an edge of the image. */
function isCut(box: XyxyPx, tile: XyxyPx, image: XyxyPx): boolean {
  return [0, 1, 2, 3].some((side) => {
    if (tile[side] === image[side]) return false;
    const length = side % 2 === 0 ? tile[2] - tile[0] : tile[3] - tile[1];
    return Math.abs(box[side]! - tile[side]!) <= Math.max(2, NEAR_EDGE * length);
  });
}

function coveredShare(box: XyxyPx, other: XyxyPx): number {
  const width = Math.min(box[2], other[2]) - Math.max(box[0], other[0]);
  const height = Math.min(box[3], other[3]) - Math.max(box[1], other[1]);
  if (!(width > 0 && height > 0)) return 0;
  return (width * height) / ((box[2] - box[0]) * (box[3] - box[1]));
}

function groupOf(groups: Map<number, number[]>, key: number): number[] {
  const group = groups.get(key) ?? [];
  groups.set(key, group);
  return group;
}

/**
 * Collects the boxes of overlapping tiles, without partial objects. A box that ends at a tile's edge is dropped if a
 * whole box of its class covers it. Duplicates of whole boxes stay, for suppression.
 * @param width of the image, in pixels
 * @param height of the image, in pixels
 */
export function mergeTiles(tiles: readonly TileBoxes[], width: number, height: number): Candidates {
  const all = new Candidates();
  const cut: number[] = [];
  const whole = new Map<number, number[]>();
  for (const { candidates, tile } of tiles) {
    const { boxes, scores, classIds, count } = candidates;
    for (let index = 0; index < count; index++) {
      const [left, top, right, bottom] = boxes.subarray(4 * index, 4 * index + 4);
      const classId = classIds[index]!;
      const box = [left!, top!, right!, bottom!] as const;
      if (isCut(box, tile, [0, 0, width, height])) cut.push(all.count);
      else groupOf(whole, classId).push(all.count);
      all.add(...box, scores[index]!, classId);
    }
  }
  const { boxes, scores, classIds } = all;
  const boxAt = (index: number) => boxes.subarray(4 * index, 4 * index + 4) as unknown as XyxyPx;
  const covered = new Set(
    cut.filter((index) =>
      (whole.get(classIds[index]!) ?? []).some(
        (other) =>
          scores[other]! >= LEAST_SHARE * scores[index]! &&
          coveredShare(boxAt(index), boxAt(other)) > COVERED,
      ),
    ),
  );
  return all.where((index) => !covered.has(index));
}
