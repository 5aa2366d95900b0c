import { OBJECTIVES } from '../../compression/search/objectives.ts';
import { SPACES } from '../../compression/search/spaces.ts';

export { OBJECTIVES, SPACES };

export const SEARCH_DEFAULTS = {
  ...{ out: 'search', space: ['kernels'], objective: 'map', trials: 30, epochs: 10, rungs: 2, factor: 3 },
  ...{ jobs: 1, size: 320, split: 'val', seed: 1 },
} as const;
