import type { Provenance } from '../../models/model.ts';

/** What models say of themselves, by the family of compression that they come from. */
const FAMILIES = {
  'optimized from': 'optimized',
  'decomposed from': 'low rank',
  teacher: 'distilled',
  'pruned from': 'pruned',
  quantized: 'quantized',
} as const;

/** How a model was compressed, by what its file says; empty if it was not. */
export function compressionFamilies(provenance: Provenance): readonly string[] {
  return Object.entries(FAMILIES).flatMap(([note, family]) =>
    provenance[note] === undefined ? [] : [family],
  );
}
