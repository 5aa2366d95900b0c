export { INITIALIZATIONS } from '../../compression/share/k-means.ts';
export { DEPTHWISE_SHIFTS } from '../../compression/shift/shift-weights.ts';
export { COMPRESS_METHODS } from './options.ts';
