import type { Network } from './layers.ts';

/**
 * Returns the norms that end a residual branch. Of two maps that are added, the branch is the one computed from the
 * other.
 */
export function residualNorms({ layers }: Network): readonly string[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const ancestors = new Map<string, ReadonlySet<string>>();
  const norms: string[] = [];
  for (const { type, name, inputs } of layers) {
    ancestors.set(name, new Set(inputs.flatMap((input) => [input, ...(ancestors.get(input) ?? [])])));
    if (type !== 'add') continue;
    const branch = inputs.find((input) => inputs.some((other) => ancestors.get(input)?.has(other)));
    if (branch && byName.get(branch)?.type === 'batchNorm') norms.push(branch);
  }
  return norms;
}
