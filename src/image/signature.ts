/** First bytes of the formats that are read; `?` stands for any byte. */
const SIGNATURES = [
  '\xff\xd8\xff', // JPEG
  '\x89PNG\r\n\x1a\n',
  'GIF8',
  'RIFF????WEBP',
  '????ftypavif',
  '????ftypavis',
  '????ftypmif1', // AVIF among them
  'II*\0', // TIFF, by the order of its bytes
  'MM\0*',
  'II+\0', // the same of more than 4 GB
  'MM\0+',
];

/**
 * Whether bytes begin like a JPEG, PNG, GIF, WebP, AVIF or TIFF. The decoder reads more, drawings (SVG) and
 * documents among it, which no photo should turn out to be.
 */
export function hasImageSignature(bytes: Uint8Array): boolean {
  return SIGNATURES.some((signature) =>
    [...signature].every((character, index) => character === '?' || bytes[index] === character.charCodeAt(0)),
  );
}
