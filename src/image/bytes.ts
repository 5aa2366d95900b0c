import { fileURLToPath } from 'node:url';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { readWholeFile } from '../foundation/files/read.ts';
import { fetchImage } from './fetch-image.ts';
import { type EncodedImage, isImageAddress, sourceName } from './sources.ts';

/** Decodes a `data:` address. It can be as long as an image, so error messages show only its beginning. */
async function dataBytes(url: URL): Promise<Uint8Array> {
  try {
    return new Uint8Array(await (await fetch(url)).arrayBuffer());
  } catch {
    throw new MicroYoloError(
      'invalid-argument',
      `${sourceName(url)}: cannot be read, expected data:image/png;base64, and the bytes in Base64`,
    );
  }
}

async function urlBytes(url: URL): Promise<Uint8Array> {
  switch (url.protocol) {
    case 'file:':
      return readWholeFile(pathOf(url), 'an image');
    case 'data:':
      return dataBytes(url);
    case 'https:':
    case 'http:':
      return fetchImage(url);
    default:
      throw new MicroYoloError('invalid-argument', `${url}: expected an https:, file: or data: address`);
  }
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch {
    throw new MicroYoloError(
      'invalid-argument',
      `${url}: expected a file on this machine, file:///FOLDER/NAME`,
    );
  }
}

/**
 * Reads the bytes of an image file from a path, an address or memory.
 * @throws MicroYoloError `not-found`, `invalid-file`, `invalid-argument`, `unreachable` if a server does not answer
 */
export async function readImageBytes(source: EncodedImage): Promise<Uint8Array> {
  if (typeof source === 'string') {
    // The file is read here, because the decoder keeps its handle open on errors, and has less helpful messages.
    if (!isImageAddress(source)) return readWholeFile(source, 'an image');
    if (URL.canParse(source)) return urlBytes(new URL(source));
    throw new MicroYoloError('invalid-argument', `${source}: expected an address, https://HOST/NAME`);
  }
  if (source instanceof URL) return urlBytes(source);
  if (source instanceof Blob) return new Uint8Array(await source.arrayBuffer());
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  return new Uint8Array(source);
}
