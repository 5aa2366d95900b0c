import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import { runReference } from '../../../src/graph/reference/run.ts';
import { joinable, joined, parted } from '../../../src/training/step/joined.ts';

describe('joinable', () => {
  it('puts the vectors of a group together and leaves other shapes apart', () => {
    const items = [
      { name: 'kernel', shape: [2, 2], group: 'a' },
      { name: 'first', shape: [2], group: 'a' },
      { name: 'other group', shape: [2], group: 'b' },
      { name: 'second', shape: [3], group: 'a' },
      { name: 'number', shape: [], group: 'a' },
    ];
    const names = joinable(items, ({ group }) => group).map((group) => group.map(({ name }) => name));
    expect(names).toEqual([['kernel'], ['first', 'second'], ['other group'], ['number']]);
  });
});

describe('parted', () => {
  it('undoes joined', () => {
    const graph = new GraphBuilder();
    const vectors = [graph.input('a', [2]), graph.input('b', [1]), graph.input('c', [3])];
    const doubled = graph.linear(joined(graph, vectors), 2);
    for (const [index, part] of parted(graph, doubled, vectors).entries())
      graph.output(`part ${index}`, part);
    const inputs = new Map([
      ['a', { shape: [2], data: [1, 2] }],
      ['b', { shape: [1], data: [3] }],
      ['c', { shape: [3], data: [4, 5, 6] }],
    ]);
    const outputs = runReference(graph.build(), inputs);
    expect([0, 1, 2].map((index) => [...outputs.get(`part ${index}`)!.data])).toEqual([
      [2, 4],
      [6],
      [8, 10, 12],
    ]);
  });

  it('returns a single value of any shape unchanged', () => {
    const graph = new GraphBuilder();
    const map = graph.input('map', [1, 2, 2, 2]);
    expect(parted(graph, joined(graph, [map]), [map])).toEqual([map]);
  });
});
