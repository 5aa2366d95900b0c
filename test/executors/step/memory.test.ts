import { expect, test } from 'vitest';
import { checkMemory, stepMemory } from '../../../src/executors/step/memory.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';

function chain() {
  const graph = new GraphBuilder();
  const x = graph.input('x', [10]);
  const w = graph.parameter('w', [10]);
  const a = graph.binary('add', x, w);
  const b = graph.unary('exp', a);
  graph.output('next/w', graph.unary('relu', b));
  return graph.build();
}

test('counts the state twice, and the values that are alive at once', () => {
  // x with a, then b next to a; outputs are written into the second copy of the state.
  expect(stepMemory(chain())).toEqual({ state: 80, activations: 40 + 40 + 40 });
});

test('allows what fits', () => {
  expect(() => checkMemory(chain(), 8, 1e12)).not.toThrow();
});

test('names the batch size that would fit', () => {
  expect(() => checkMemory(chain(), 8, 80 + 60)).toThrow(/^batch 8: .* a batch of 4 would fit$/);
});

test('says so if no batch size would fit', () => {
  expect(() => checkMemory(chain(), 8, 10)).toThrow(/use a smaller input size or network$/);
});
