import type { SPACES } from '../../options/search.ts';

/** One of the things that a search varies. */
export type SpaceName = (typeof SPACES)[number];
