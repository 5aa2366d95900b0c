export { PART_OPTIONS } from '../../datasets/edit/options.ts';
