import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkOptions } from '../../../src/foundation/errors/check-options.ts';
import { MicroYoloError } from '../../../src/foundation/errors/errors.ts';
import { errorOf, plainError } from '../../../src/foundation/errors/plain-error.ts';
import { readWholeFile } from '../../../src/foundation/files/read.ts';
import { DETECT_OPTIONS, type DetectOptions } from '../../../src/options/detect.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();

function thrown(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

test.each([
  [{ scoreThreshold: 2 }, { field: 'scoreThreshold', received: 2, expected: 'a number from 0 to 1' }],
  [{ nms: 'soft' }, { field: 'nms', received: 'soft', expected: expect.stringContaining('greedy') }],
  [{ clip: 'no' }, { field: 'clip', received: 'no', expected: 'true or false' }],
  [{ clipp: true }, { field: 'clipp', received: true }],
])('options %j are refused with the field, the value and the expectation', (options, details) => {
  const error = thrown(() => checkOptions('detect options', options as DetectOptions, DETECT_OPTIONS));
  expect(error).toMatchObject({ code: 'invalid-argument', ...details });
});

test('names a missing file by its path', async () => {
  const path = join(folder, 'none.cfg');
  await expect(readWholeFile(path, 'a file')).rejects.toMatchObject({ code: 'not-found', path });
});

test('an error without details has no detail properties', () => {
  expect(Object.keys(new MicroYoloError('unsupported', 'no'))).not.toContain('field');
});

test('an error survives the way out of another thread unchanged', () => {
  const error = new MicroYoloError('invalid-file', 'a.png: is empty', { path: 'a.png' });
  const back = errorOf(structuredClone(plainError(error)));
  expect(back).toBeInstanceOf(MicroYoloError);
  expect(back).toMatchObject({ code: 'invalid-file', message: 'a.png: is empty', path: 'a.png' });
});

test('a bug in the library keeps its stack on the way', () => {
  const back = errorOf(structuredClone(plainError(new TypeError('x is undefined'))));
  expect(back).not.toBeInstanceOf(MicroYoloError);
  expect(back.stack).toContain('errors.test.ts');
});

test('an error as JSON has its message, code and details', () => {
  const error = new MicroYoloError('invalid-file', 'a.png: is empty', { path: 'a.png' });
  expect(JSON.parse(JSON.stringify({ error })).error).toEqual({
    ...{ name: 'MicroYoloError', code: 'invalid-file' },
    ...{ message: 'a.png: is empty', path: 'a.png' },
  });
});
