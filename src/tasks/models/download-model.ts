export { downloadModel } from '../../models/fetch/download.ts';
