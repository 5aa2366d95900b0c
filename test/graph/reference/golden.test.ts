import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Contents, runReference } from '../../../src/graph/reference/run.ts';
import { type ForwardMode, forward } from '../../../src/model/forward.ts';
import { networkSchema } from '../../../src/model/network-schema.ts';
import { largestError } from './largest-error.ts';

/** Made by scripts/goldens/layers.py; tensors are indices into the file's table. */
interface Golden {
  readonly tensors: readonly { readonly shape: number[]; readonly data: string }[];
  readonly cases: readonly {
    readonly title: string;
    readonly mode: ForwardMode;
    readonly network: unknown;
    readonly weights: Readonly<Record<string, number>>;
    readonly inputs: Readonly<Record<string, number>>;
    readonly outputs: Readonly<Record<string, number>>;
  }[];
}

const file = new URL('../../model/fixtures/layers.json', import.meta.url);
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

function contents(indices: Readonly<Record<string, number>>): Map<string, Contents> {
  return new Map(
    Object.entries(indices).map(([name, index]) => {
      const { shape, data } = golden.tensors[index]!;
      return [name, { shape, data: new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer) }];
    }),
  );
}

describe('runReference', () => {
  test.each(golden.cases.map((item) => [item.title, item] as const))('equals PyTorch: %s', (_, item) => {
    const graph = forward(networkSchema.parse(item.network), item.mode);
    const outputs = runReference(graph, new Map([...contents(item.weights), ...contents(item.inputs)]));
    const expected = contents(item.outputs);
    expect([...outputs.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, tensor] of expected)
      expect(largestError(outputs.get(name), tensor), name).toBeLessThan(1e-6);
  });

  test('is compared in both modes', () => {
    expect(new Set(golden.cases.map(({ mode }) => mode))).toEqual(new Set(['inference', 'training']));
  });
});
