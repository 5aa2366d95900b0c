/** What a search varies. */
export const SPACES = ['kernels', 'widths', 'expansions', 'depths', 'heads', 'size'] as const;
/** One of the things that a search varies. */
export type SpaceName = (typeof SPACES)[number];
