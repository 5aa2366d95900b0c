export { downloadModel, isModelUrl } from '../model/download.ts';
