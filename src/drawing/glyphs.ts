import { firstNames } from '../foundation/errors/errors.ts';
import { type CanvasPackage, type Context2d, FONT, loadCanvas } from './canvas.ts';

const SIDE = 64;
const SIZE = 32;

/** Characters that no font has. Every other missing character is drawn with the same glyph. */
const NONE = { short: '\uFFFF', long: '\u{10FFFF}' };

/** Bounding box of a character's ink in pixels, as text. */
function inkOf(context: Context2d, character: string): string {
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, SIDE, SIDE);
  context.fillStyle = '#000000';
  context.fillText(character, SIZE / 2, SIZE / 2);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  const [xs, ys] = [new Set<number>(), new Set<number>()];
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    if (data[4 * pixel]! > 200) continue;
    xs.add(pixel % SIDE);
    ys.add(Math.floor(pixel / SIDE));
  }
  return [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)].join();
}

/** The texts with characters that neither the bundled font nor a system font has. */
export async function undrawableTexts(
  texts: readonly string[],
  packages?: readonly CanvasPackage[],
): Promise<ReadonlySet<string>> {
  const unusual = texts.filter((text) => /[^\p{ASCII}\p{Script=Latin}]/u.test(text));
  if (unusual.length === 0) return new Set();
  const createCanvas = await loadCanvas(packages);
  const context = createCanvas(SIDE, SIDE).getContext('2d');
  context.font = `${SIZE}px "${FONT}"`;
  context.textBaseline = 'middle';
  const known = new Map<string, string>();
  const ink = (character: string) => {
    const found = known.get(character) ?? inkOf(context, character);
    known.set(character, found);
    return found;
  };
  const isMissing = (character: string) =>
    !/[\s\p{Cc}\p{Cf}\p{M}]/u.test(character) &&
    ink(character) === ink(character.length === 1 ? NONE.short : NONE.long);
  return new Set(unusual.filter((text) => [...text].some(isMissing)));
}

/** Note on texts that cannot be drawn. Undefined if there are none. */
export function describeUndrawable(texts: ReadonlySet<string>): string | undefined {
  if (texts.size === 0) return undefined;
  const names = texts.size === 1 ? 'class name' : 'class names';
  return `${texts.size} ${names} (${firstNames([...texts])}) have characters that no installed font has, so they are drawn as class numbers; install a font that has them, such as Noto Sans CJK (Debian: fonts-noto-cjk)`;
}
