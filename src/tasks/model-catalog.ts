export { type CatalogEntry, DEFAULT_MODEL, modelCatalog } from '../model/catalog.ts';
export { fetchModel, isFetchedModel } from '../model/fetch-model.ts';
