import { createHash } from 'node:crypto';

/** A hash of an image's name and the seed, as hex text. Drawing by it ignores the order of files. */
export function imageRank(fileName: string, seed: number): string {
  return createHash('sha256').update(`${seed}\0${fileName}`).digest('hex');
}
