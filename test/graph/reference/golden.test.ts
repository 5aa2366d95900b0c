import { describe, expect, test } from 'vitest';
import { runReference } from '../../../src/graph/reference/run.ts';
import { networkSchema } from '../../../src/models/formats/safetensors/network-schema.ts';
import { forward } from '../../../src/models/forward/forward.ts';
import { layerCases, tensorsOf } from '../../models/forward/layers-golden.ts';
import { largestError } from './largest-error.ts';

describe('runReference', () => {
  test.each(layerCases.map((item) => [item.title, item] as const))('equals PyTorch: %s', (_, item) => {
    const graph = forward(networkSchema.parse(item.network), item.mode);
    const outputs = runReference(graph, new Map([...tensorsOf(item.weights), ...tensorsOf(item.inputs)]));
    const expected = tensorsOf(item.outputs);
    expect([...outputs.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [name, tensor] of expected)
      expect(largestError(outputs.get(name), tensor), name).toBeLessThan(1e-6);
  });

  test('has cases in both modes', () => {
    expect(new Set(layerCases.map(({ mode }) => mode))).toEqual(new Set(['inference', 'training']));
  });
});
