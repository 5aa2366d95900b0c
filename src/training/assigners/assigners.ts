import type { Assigner } from '../heads/targets.ts';
import { bestAnchor } from './best-anchor.ts';
import type { GraphAssignerName } from './dynamic/assign.ts';
import { shapeRatio } from './shape-ratio.ts';

/** Assigners by name. Those that need only boxes (`dense`) run in the loader, the others in the graph. */
export const assigners = {
  'best-anchor': { dense: bestAnchor },
  'shape-ratio': { dense: shapeRatio },
  'sim-ota': { graph: 'sim-ota' },
  'task-aligned': { graph: 'task-aligned' },
} as const satisfies Record<string, { readonly dense: Assigner } | { readonly graph: GraphAssignerName }>;

export type AssignerName = keyof typeof assigners;

/** The assigner, if it runs in the loader. */
export function denseAssigner(name: AssignerName): Assigner | undefined {
  const assigner = assigners[name];
  return 'dense' in assigner ? assigner.dense : undefined;
}

/** Name of the assigner in the graph; `dense` if assignment happens in the loader. */
export function graphAssigner(name: AssignerName): GraphAssignerName | 'dense' {
  const assigner = assigners[name];
  return 'graph' in assigner ? assigner.graph : 'dense';
}
