import type { SPACES } from '../../options/search.ts';

/** Name of a property that a search can vary. */
export type SpaceName = (typeof SPACES)[number];
