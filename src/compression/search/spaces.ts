/** What a search varies. */
export const SPACES = ['kernels', 'widths', 'expansions', 'depths', 'heads', 'size'] as const;
export type SpaceName = (typeof SPACES)[number];
