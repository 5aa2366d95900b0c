import { expect, test } from 'vitest';
import { instructionsOf } from '../../../src/executors/onnx/integer-instructions.ts';

const cpu = (flags: string) => `processor\t: 0\nflags\t\t: fpu sse4_2 ${flags}\nbugs\t\t:\n`;

test.each([
  ['x64', cpu('avx avx2'), 'AVX2 without VNNI', true],
  ['x64', cpu('avx avx2 avx512f'), 'AVX-512 without VNNI', true],
  ['x64', cpu('avx avx2 avx512f avx512_vnni'), 'AVX-512 with VNNI', false],
  ['x64', cpu('avx avx2 avx_vnni'), 'AVX2 with VNNI', false],
  ['x64', cpu(''), 'SSE without VNNI', true],
  ['x64', undefined, 'x64, instructions unknown', undefined],
  ['arm64', undefined, 'ARM', false],
] as const)('on %s, %j is %s', (architecture, cpuinfo, name, saturates) => {
  expect(instructionsOf(architecture, cpuinfo)).toMatchObject({ name, saturates });
});
