export { isVideo } from '../../image/video/source.ts';
