export { DEFAULT_MODEL, SHIPPED_MODELS } from '../model/shipped.ts';
