/** First bytes of the supported formats. `?` stands for any byte. */
const SIGNATURES = [
  '\xff\xd8\xff', // JPEG
  '\x89PNG\r\n\x1a\n',
  'GIF8',
  'RIFF????WEBP',
  '????ftypavif',
  '????ftypavis',
  '????ftypmif1', // includes AVIF
  'II*\0', // TIFF, in either byte order
  'MM\0*',
  'II+\0', // BigTIFF, for files above 4 GB
  'MM\0+',
];

/**
 * Whether bytes begin like a JPEG, PNG, GIF, WebP, AVIF or TIFF. The decoder also reads other formats, such as SVG and
 * documents, which must not pass as photos.
 */
export function hasImageSignature(bytes: Uint8Array): boolean {
  return SIGNATURES.some((signature) =>
    [...signature].every((character, index) => character === '?' || bytes[index] === character.charCodeAt(0)),
  );
}
