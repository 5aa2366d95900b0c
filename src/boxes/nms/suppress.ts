import type { Candidates } from '../candidates.ts';
import { clusterNms } from './cluster.ts';
import { diouNms } from './diou.ts';
import { greedyNms } from './greedy.ts';
import type { NmsMethod } from './methods.ts';
import type { NmsOptions } from './options.ts';
import { softNms } from './soft.ts';
import { weightedBoxes } from './weighted.ts';

export interface SuppressOptions extends NmsOptions {
  /** For the soft methods, which reduce scores: boxes with a score of at most this are dropped, 0–1. @default 0.001 */
  readonly scoreThreshold?: number | undefined;
}

/** Suppresses boxes with a method. Returns the kept boxes, best first. */
export function suppress(candidates: Candidates, method: NmsMethod, options: SuppressOptions): Candidates {
  switch (method) {
    case 'greedy':
      return candidates.picked(greedyNms(candidates, options));
    case 'diou':
      return candidates.picked(diouNms(candidates, options));
    case 'soft-linear':
      return softNms(candidates, { ...options, decay: 'linear' });
    case 'soft-gaussian':
      return softNms(candidates, { ...options, decay: 'gaussian' });
    case 'weighted':
      return weightedBoxes(candidates, options);
    case 'cluster':
      return clusterNms(candidates, options);
    case 'cluster-diou':
      return clusterNms(candidates, { ...options, measure: 'diou' });
    case 'cluster-weighted':
      return clusterNms(candidates, { ...options, weighted: true });
  }
}
