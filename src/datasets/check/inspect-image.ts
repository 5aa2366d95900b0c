import { createHash } from 'node:crypto';
import { MicroYoloError, withoutName } from '../../foundation/errors/errors.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { decodeImage, type RgbImage } from '../../image/decode.ts';
import type { ImageFacts } from './images.ts';

/** Reads and decodes the whole image, because damaged files often have an intact header. */
export async function inspectImage(source: string | RgbImage): Promise<ImageFacts> {
  const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  if (typeof source !== 'string') {
    const { data, width, height } = source;
    return { status: 'decoded', width, height, hash: hashOf(data) };
  }
  try {
    const bytes = await readWholeFile(source, 'an image');
    const { width, height, note } = await decodeImage(bytes);
    const torn = note?.kind === 'torn' ? note.message : undefined;
    return { status: 'decoded', width, height, hash: hashOf(bytes), torn };
  } catch (error) {
    if (!(error instanceof MicroYoloError)) throw error;
    if (error.code === 'not-found') return { status: 'missing', message: withoutName(error.message, source) };
    const message = withoutName(withoutName(error.message, source), 'image in memory');
    return { status: 'damaged', message };
  }
}
