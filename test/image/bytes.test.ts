import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/image/decode.ts';
import type { ImageSource } from '../../src/image/sources.ts';
import { fixturePath, readFixture, rejection } from './pictures.ts';

const name = 'upright.png';
const bytes = readFixture(name);
const whole = Uint8Array.from(bytes);
const dataUrl = `data:image/png;base64,${bytes.toString('base64')}`;
const shared = new SharedArrayBuffer(whole.length);
new Uint8Array(shared).set(whole);

const sources: Readonly<Record<string, ImageSource>> = {
  'a Buffer': bytes,
  'an ArrayBuffer': whole.buffer,
  'a SharedArrayBuffer': shared,
  'a Uint8ClampedArray': new Uint8ClampedArray(whole.buffer),
  'an Int8Array': new Int8Array(whole.buffer),
  'a DataView': new DataView(whole.buffer),
  'a Blob': new Blob([whole]),
  'a File': new File([whole], 'photo.png'),
  'a file: URL': pathToFileURL(fixturePath(name)),
  'a file: URL as text': pathToFileURL(fixturePath(name)).href,
  'a data: URL': new URL(dataUrl),
  'a data: URL as text': dataUrl,
};

describe('an encoded image in memory', () => {
  test.each(Object.keys(sources))('from %s decodes as from its path', async (what) => {
    expect(await decodeImage(sources[what]!)).toEqual(await decodeImage(fixturePath(name)));
  });

  test.each([
    ['a number', 5, /^image 5: expected a path, URL, Blob, ArrayBuffer, typed array, or pixels/],
    ['null', null, /^image null: expected a path/],
    ['undefined', undefined, /^image undefined: expected a path/],
    ['a list', ['a.jpg'], /^image \["a\.jpg"\]: expected a path/],
    ['an object', { path: 'a.jpg' }, /^image \{ path \}: expected a path/],
    [
      'pixels in a plain list',
      { data: [1, 2, 3], width: 1, height: 1 },
      /^pixels: expected \{ data, width, height \}/,
    ],
    ['pixels without a size', { data: whole }, /^pixels: expected \{ data, width, height \}/],
    [
      'a URL with another scheme',
      new URL('ftp://example.org/a.png'),
      /expected an https:, file: or data: address/,
    ],
    ['an invalid URL', 'https://', /^https:\/\/: expected an address/],
    ['a file: URL of a missing file', new URL('file:///no/such.png'), /such\.png: no such file/],
    ['a data: URL without data', 'data:,', /^data:,: is empty/],
    ['a truncated data: URL', 'data:image/png;base64', /cannot be read, expected data:image\/png;base64,/],
    ['a File of text', new File(['hello'], 'note.txt'), /^note\.txt: cannot be decoded/],
  ])('%s is refused in one line', async (_, source, message) => {
    const error = await rejection(decodeImage(source as ImageSource));
    expect(error).toMatchObject({ name: 'MicroYoloError' });
    expect(error.message).toMatch(message);
  });
});
