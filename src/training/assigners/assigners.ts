import type { Assigner } from '../heads/targets.ts';
import { bestAnchor } from './best-anchor.ts';
import type { GraphAssignerName } from './dynamic/assign.ts';
import { shapeRatio } from './shape-ratio.ts';

/** Every assigner by the name that settings give it: those that need boxes only run in the loader. */
export const assigners = {
  'best-anchor': { dense: bestAnchor },
  'shape-ratio': { dense: shapeRatio },
  'sim-ota': { graph: 'sim-ota' },
  'task-aligned': { graph: 'task-aligned' },
} as const satisfies Record<string, { readonly dense: Assigner } | { readonly graph: GraphAssignerName }>;

export type AssignerName = keyof typeof assigners;

/** The assigner that runs in the loader, if it is one. */
export function denseAssigner(name: AssignerName): Assigner | undefined {
  const assigner = assigners[name];
  return 'dense' in assigner ? assigner.dense : undefined;
}

/** Who assigns in the graph; `dense` where the loader does. */
export function graphAssigner(name: AssignerName): GraphAssignerName | 'dense' {
  const assigner = assigners[name];
  return 'graph' in assigner ? assigner.graph : 'dense';
}
