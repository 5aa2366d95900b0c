export { METHODS } from '../../compression/low-rank/kernel.ts';
export { RANK_RULES } from './options.ts';
