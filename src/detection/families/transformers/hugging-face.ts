import * as z from 'zod';
import type { InputRecipe } from '../../../image/recipe/recipe.ts';
import type { GraphFacts } from '../family.ts';

const configSchema = z.looseObject({
  model_type: z.string(),
  id2label: z.record(z.string().regex(/^\d+$/), z.string()).optional(),
});

const preprocessorSchema = z.looseObject({
  do_normalize: z.boolean().optional(),
  image_mean: z.tuple([z.number(), z.number(), z.number()]).optional(),
  image_std: z.tuple([z.number(), z.number(), z.number()]).optional(),
  rescale_factor: z.number().optional(),
  size: z
    .looseObject({ shortest_edge: z.number().optional(), longest_edge: z.number().optional() })
    .optional(),
});

/** Larger ids are not classes. */
const MOST_IDS = 100_000;

function parse<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Returns the model type and the class names by id in `config.json` beside a model. */
export function huggingFaceModel({
  files,
}: GraphFacts): { readonly type: string; readonly names: readonly string[] | undefined } | undefined {
  const config = parse(configSchema, files['config.json']);
  if (!config) return undefined;
  const { model_type: type, id2label } = config;
  const ids = Object.keys(id2label ?? {}).map(Number);
  const last = ids.reduce((most, id) => Math.max(most, id), -1);
  if (last < 0 || last > MOST_IDS) return { type, names: undefined };
  // Missing ids get a placeholder name, so that the other names stay at their index.
  const names = Array.from({ length: last + 1 }, (_, id) => id2label![String(id)] ?? `class ${id}`);
  return { type, names };
}

/** Returns the pixel scaling in `preprocessor_config.json`, for values of 0–255. */
export function huggingFaceRecipe({ files, image }: GraphFacts): Partial<InputRecipe> | undefined {
  const config = parse(preprocessorSchema, files['preprocessor_config.json']);
  if (!config) return undefined;
  const { shortest_edge: shortest, longest_edge: longest } = config.size ?? {};
  const fit: Partial<InputRecipe> =
    image.isFixed || shortest === undefined
      ? {}
      : {
          resize: 'shortest',
          letterbox: { align: 'corner', rounding: 'half-up', unscale: 'sides', longest },
        };
  const {
    do_normalize: isNormalized,
    image_mean: mean,
    image_std: std,
    rescale_factor: factor = 1 / 255,
  } = config;
  if (!isNormalized || !mean || !std) return { ...fit, mean: 0, std: 1 / factor };
  const scaled = ([r, g, b]: readonly [number, number, number]) =>
    [r / factor, g / factor, b / factor] as const;
  return { ...fit, mean: scaled(mean), std: scaled(std) };
}

/** Returns the side to which images are resized, if the preprocessor's file states it. */
export function huggingFaceSize({ files }: GraphFacts): number | undefined {
  return parse(preprocessorSchema, files['preprocessor_config.json'])?.size?.shortest_edge;
}
