import { IMAGENET, IMAGENET_BGR } from '../../detection/families/recipes.ts';
import type { GraphCandidate } from '../../detection/foreign/load-graph-model.ts';
import type { InputRecipe } from '../../image/recipe/recipe.ts';
import type { GraphModel } from '../../models/graph-model.ts';

type Pixels = Pick<InputRecipe, 'mean' | 'std'>;

/** Pixel normalizations by their display names. */
const SCALES: Readonly<Record<string, (order: InputRecipe['colorOrder']) => Pixels>> = {
  '0–1': () => ({ mean: 0, std: 255 }),
  '0–255': () => ({ mean: 0, std: 1 }),
  "ImageNet's mean and deviation": (order) => (order === 'rgb' ? IMAGENET : IMAGENET_BGR),
};

/** One way to decode a graph. */
export interface Reading {
  readonly name: string;
  readonly candidate: GraphCandidate;
  readonly model: GraphModel;
}

const pixelsOf = ({ recipe: { colorOrder, mean, std } }: GraphModel) =>
  JSON.stringify([colorOrder, mean, std]);

/** Whether the color order and normalization are the family's own. */
export const isOwn = ({ model, candidate }: Reading) => pixelsOf(model) === pixelsOf(candidate.model);

/** All color orders and normalizations that a graph of a family allows. */
export function readingsOf(candidate: GraphCandidate): readonly Reading[] {
  const { model, title, by } = candidate;
  if (by === 'metadata' || by === 'files') return [{ name: title, candidate, model }];
  const own = { mean: model.recipe.mean, std: model.recipe.std };
  const scales = model.input.type === 'uint8' ? { 'whole numbers': () => own } : SCALES;
  const readings = (['rgb', 'bgr'] as const).flatMap((colorOrder) =>
    Object.entries(scales).map(([scale, pixels]): Reading => {
      const recipe = { ...model.recipe, ...pixels(colorOrder), colorOrder };
      return {
        name: `${title}, ${colorOrder.toUpperCase()}, ${scale}`,
        candidate,
        model: { ...model, recipe },
      };
    }),
  );
  return readings.some(isOwn)
    ? readings
    : [{ name: `${title}, default recipe`, candidate, model }, ...readings];
}
