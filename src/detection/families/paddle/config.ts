import { parse } from 'yaml';
import * as z from 'zod';
import type { InputRecipe } from '../../../image/recipe/recipe.ts';
import type { GraphFacts } from '../family.ts';

const three = z.tuple([z.number(), z.number(), z.number()]);

const configSchema = z.looseObject({
  arch: z.string(),
  label_list: z.array(z.union([z.string(), z.number()]).transform(String)).optional(),
  Preprocess: z
    .array(
      z.looseObject({
        type: z.string(),
        interp: z.number().optional(),
        keep_ratio: z.boolean().optional(),
        is_scale: z.boolean().optional(),
        norm_type: z.string().nullable().optional(),
        mean: three.optional(),
        std: three.optional(),
      }),
    )
    .optional(),
});

/** Content of PaddleDetection's `infer_cfg.yml` beside a model. */
export interface PaddleConfig {
  /** Such as `PicoDet` or `YOLO`. */
  readonly arch: string;
  readonly names: readonly string[] | undefined;
  readonly recipe: Partial<InputRecipe>;
}

/** OpenCV's constant for bicubic resampling. */
const CUBIC = 2;

/** Returns the configuration beside a model, or undefined if there is none or it cannot be read. */
export function paddleConfig({ files }: GraphFacts): PaddleConfig | undefined {
  const text = files['infer_cfg.yml'];
  if (text === undefined) return undefined;
  let json: unknown;
  try {
    json = parse(text);
  } catch {
    return undefined;
  }
  const { data } = configSchema.safeParse(json);
  if (!data) return undefined;
  const step = (type: string) => data.Preprocess?.find((entry) => entry.type === type);
  const [resize, normalize] = [step('Resize'), step('NormalizeImage')];
  const factor = normalize?.is_scale === false ? 1 : 255;
  const isNormalized = normalize?.norm_type !== 'none' && normalize?.mean && normalize.std;
  const scaled = ([r, g, b]: readonly [number, number, number]) =>
    [r * factor, g * factor, b * factor] as const;
  const values = isNormalized
    ? { mean: scaled(normalize.mean!), std: scaled(normalize.std!) }
    : { mean: 0, std: normalize ? factor : 1 };
  return {
    arch: data.arch,
    names: data.label_list,
    recipe: { ...values, resampling: resize?.interp === CUBIC ? 'bicubic' : 'bilinear' },
  };
}
