export { downloadModel } from '../model/download.ts';
