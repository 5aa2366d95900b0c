// Apart from downloads, so that --help does not load them.
export { DEFAULT_MODEL } from '../../models/fetch/catalog.ts';
