export { IMPORTANCES } from '../../compression/prune/importance.ts';
