export { downloadModel } from '../../models/fetch/download.ts';
export { fetchModel, isFetchedModel } from '../../models/fetch/fetch-model.ts';
