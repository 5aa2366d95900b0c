import * as z from 'zod';
import type { InputRecipe } from './recipe.ts';

/** One number for all colors, or one per color. */
export const colorSchema = <T extends z.ZodType<number>>(number: T) =>
  z.union([number, z.tuple([number, number, number])]);

const gray = z.number().min(0).max(255);
const side = z.number().int().positive().optional();

/** An input recipe in a file. Every field is checked, and unknown fields are rejected. */
export const recipeSchema: z.ZodType<InputRecipe> = z.strictObject({
  resize: z.enum(['letterbox', 'stretch', 'crop', 'native', 'shortest']),
  letterbox: z
    .strictObject({
      align: z.enum(['center', 'corner']),
      rounding: z.enum(['half-even', 'half-up', 'floor']),
      unscale: z.enum(['sides', 'ratio', 'exact']),
      share: z.number().positive().max(1).optional(),
      longest: side,
      multiple: side,
    })
    .optional(),
  resampling: z.enum(['bilinear', 'area', 'antialiased', 'bicubic']),
  colorOrder: z.enum(['rgb', 'bgr']),
  mean: colorSchema(z.number()),
  std: colorSchema(z.number().positive()),
  fill: z.union([colorSchema(gray), z.literal('zero')]),
});
