import { createHash } from 'node:crypto';

/** A number of an image, as text, that only its name and the seed decide: drawing by it ignores the order of files. */
export function imageRank(fileName: string, seed: number): string {
  return createHash('sha256').update(`${seed}\0${fileName}`).digest('hex');
}
