import { fileURLToPath } from 'node:url';

/** The trained models that come with this package, by name; each has a card beside it in `models/`. */
export const SHIPPED_MODELS = ['micro-yolo-blood-cells'] as const;
export type ShippedModel = (typeof SHIPPED_MODELS)[number];

/** What `detect` uses where no model is named. */
export const DEFAULT_MODEL: ShippedModel = 'micro-yolo-blood-cells';

/** The file of a shipped model; nothing for any other name. */
export function shippedModelPath(name: string): string | undefined {
  if (!(SHIPPED_MODELS as readonly string[]).includes(name)) return undefined;
  return fileURLToPath(new URL(`../../models/${name}.safetensors`, import.meta.url));
}
