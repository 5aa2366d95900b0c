import { Candidates } from '../candidates.ts';
import { clusterNms } from './cluster.ts';
import { greedyNms, type NmsOptions } from './greedy.ts';

/** How overlapping boxes are thinned out; each is explained at its function. */
export const NMS_METHODS = ['greedy', 'cluster', 'cluster-diou', 'cluster-weighted'] as const;

/** A method of non-maximum suppression. */
export type NmsMethod = (typeof NMS_METHODS)[number];

/** The boxes that a method keeps, best first. */
export function suppress(candidates: Candidates, method: NmsMethod, options: NmsOptions): Candidates {
  switch (method) {
    case 'greedy': {
      const { boxes, scores, classIds } = candidates;
      const kept = new Candidates();
      for (const index of greedyNms(candidates, options)) {
        const [left, top, right, bottom] = boxes.subarray(4 * index, 4 * index + 4);
        kept.add(left!, top!, right!, bottom!, scores[index]!, classIds[index]!);
      }
      return kept;
    }
    case 'cluster':
      return clusterNms(candidates, options);
    case 'cluster-diou':
      return clusterNms(candidates, { ...options, measure: 'diou' });
    case 'cluster-weighted':
      return clusterNms(candidates, { ...options, weighted: true });
  }
}
