export { type CatalogEntry, DEFAULT_MODEL, modelCatalog } from '../../models/fetch/catalog.ts';
export { fetchModel, isFetchedModel } from '../../models/fetch/fetch-model.ts';
