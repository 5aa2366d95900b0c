import { expect, test } from 'vitest';
import { licenseVerdict } from '../../src/models/license.ts';

test.each([
  ['MIT', 'permissive'],
  ['Apache-2.0', 'permissive'],
  ['BSD-3-Clause', 'permissive'],
  ['YOLO license', 'permissive'],
  ['AGPL-3.0 License (https://ultralytics.com/license)', 'not permissive'],
  ["GPL-3.0 if made with the authors' code", 'not permissive'],
  ['code Apache-2.0; the published weights are not for commercial use', 'not permissive'],
  ['CC-BY-NC-4.0', 'not permissive'],
  ['ask me', 'unknown'],
  [undefined, 'unknown'],
] as const)('%s is %s', (license, verdict) => {
  expect(licenseVerdict(license)).toBe(verdict);
});
