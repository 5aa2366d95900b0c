import type { Candidates } from '../candidates.ts';
import type { XyxyPx } from '../formats.ts';
import { distanceIou } from '../iou.ts';
import { bestFirst, type NmsOptions } from './options.ts';

/**
 * Greedy suppression by distance-IoU. A box that overlaps a better box of its class stays if their centers are far
 * enough apart (https://arxiv.org/abs/1911.08287).
 * @returns indices of the kept boxes, best first
 */
export function diouNms(candidates: Candidates, options: NmsOptions): number[] {
  const { iouThreshold, maxDetections, agnostic = false } = options;
  const { boxes, classIds } = candidates;
  const box = (index: number) => boxes.subarray(4 * index, 4 * index + 4) as unknown as XyxyPx;
  const byClass = new Map<number, XyxyPx[]>();
  const kept: number[] = [];
  for (const index of bestFirst(candidates)) {
    if (kept.length >= maxDetections) break;
    const group = agnostic ? 0 : classIds[index]!;
    const rivals = byClass.get(group) ?? [];
    const own = box(index);
    if (rivals.some((rival) => distanceIou(rival, own) > iouThreshold)) continue;
    rivals.push(own);
    byClass.set(group, rivals);
    kept.push(index);
  }
  return kept;
}
