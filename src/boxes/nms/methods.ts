/** Methods of suppressing overlapping boxes. Each is documented at its function. */
export const NMS_METHODS = [
  'greedy',
  'diou',
  'soft-linear',
  'soft-gaussian',
  'weighted',
  'cluster',
  'cluster-diou',
  'cluster-weighted',
] as const;

/** A method of non-maximum suppression. */
export type NmsMethod = (typeof NMS_METHODS)[number];
