import { type ColorValue, DEFAULT_LETTERBOX, type InputRecipe } from './recipe.ts';

const RESAMPLING: Readonly<Record<InputRecipe['resampling'], string>> = {
  bilinear: 'bilinear',
  area: 'antialiased by area',
  antialiased: 'antialiased bilinear',
  bicubic: 'bicubic',
};

const colors = (value: ColorValue) => (typeof value === 'number' ? `${value}` : `[${value.join(', ')}]`);

function fitted({ resize, letterbox = DEFAULT_LETTERBOX, fill }: InputRecipe): string {
  const border = fill === 'zero' ? 'zeros' : colors(fill);
  switch (resize) {
    case 'letterbox': {
      const share = letterbox.share === undefined ? '' : `, filling at most ${letterbox.share} of the input`;
      return letterbox.align === 'center'
        ? `letterbox, centered, border ${border}${share}`
        : `letterbox, in the top left corner, border ${border}${share}`;
    }
    case 'stretch':
      return 'stretched to the input';
    case 'crop':
      return 'center crop';
    case 'native':
      return 'at its own size';
    case 'shortest':
      return 'shorter side scaled to the input';
  }
}

function scaled({ mean, std }: InputRecipe): string {
  if (mean === 0 && std === 1) return 'values 0–255';
  if (mean === 0 && std === 255) return 'values 0–1';
  return `(value − ${colors(mean)}) / ${colors(std)}`;
}

/** Describes an input recipe in words: `letterbox, centered, border 114; bilinear; RGB; values 0–1`. */
export function describeRecipe(recipe: InputRecipe): string {
  return [
    fitted(recipe),
    RESAMPLING[recipe.resampling],
    recipe.colorOrder.toUpperCase(),
    scaled(recipe),
  ].join('; ');
}
