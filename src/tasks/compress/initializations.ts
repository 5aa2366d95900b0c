export { INITIALIZATIONS } from '../../compression/share/k-means.ts';
