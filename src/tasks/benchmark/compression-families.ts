import type { Provenance } from '../../models/model.ts';

/** Kinds of compression, by the provenance entries that they leave in the model. */
const FAMILIES = {
  'optimized from': 'optimized',
  'decomposed from': 'low rank',
  teacher: 'distilled',
  'pruned from': 'pruned',
  quantized: 'quantized',
} as const;

/** How a model was compressed, according to its provenance. Empty if it was not. */
export function compressionFamilies(provenance: Provenance): readonly string[] {
  return Object.entries(FAMILIES).flatMap(([note, family]) =>
    provenance[note] === undefined ? [] : [family],
  );
}
