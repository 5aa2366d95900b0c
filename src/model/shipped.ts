import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

interface ModelIndex {
  readonly default: string;
  readonly models: readonly { readonly name: string; readonly file: string; readonly about: string }[];
}

const FOLDER = new URL('../../models/', import.meta.url);
const index: ModelIndex = JSON.parse(readFileSync(new URL('index.json', FOLDER), 'utf8'));

/** The trained models that come with this package, by name; each has a card beside it in `models/`. */
export const SHIPPED_MODELS: readonly string[] = index.models.map(({ name }) => name);

/** What `detect` uses where no model is named. */
export const DEFAULT_MODEL: string = index.default;

/** The file of a shipped model; nothing for any other name. */
export function shippedModelPath(name: string): string | undefined {
  const shipped = index.models.find((model) => model.name === name);
  return shipped && fileURLToPath(new URL(shipped.file, FOLDER));
}
