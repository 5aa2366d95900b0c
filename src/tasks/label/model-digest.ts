import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { isFile } from '../../foundation/files/folders.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { defaultWeights } from '../../models/formats/darknet/read.ts';
import { modelFile } from '../../models/load.ts';

/**
 * SHA-256 of a model file; for a Darknet `.cfg`, including its weights. Detects that a file of the same name is another
 * model.
 * @throws MicroYoloError `not-found`
 */
export async function modelDigest(model: string): Promise<string> {
  const path = await modelFile(model);
  const hash = createHash('sha256').update(await readWholeFile(path, 'a model'));
  const weights = defaultWeights(path);
  if (extname(path).toLowerCase() === '.cfg' && (await isFile(weights))) {
    hash.update(await readWholeFile(weights, 'weights'));
  }
  return hash.digest('hex');
}
