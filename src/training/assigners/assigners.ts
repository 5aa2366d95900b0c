import { bestAnchor } from './best-anchor.ts';
import { shapeRatio } from './shape-ratio.ts';
import type { Assigner } from './targets.ts';

/** Assigners that need boxes only: they run in the loader. */
export const assigners = {
  'best-anchor': bestAnchor,
  'shape-ratio': shapeRatio,
} as const satisfies Record<string, Assigner>;

export type AssignerName = keyof typeof assigners;
