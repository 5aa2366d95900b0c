export { isVideo } from '../../video/source.ts';
