import { expect, test } from 'vitest';
import { familyNamed } from '../../src/detection/families/families.ts';
import type { GraphFacts, GraphPort } from '../../src/detection/families/family.ts';

const port = (name: string, ...shape: number[]): GraphPort => ({
  name,
  type: 'float',
  shape,
  declared: shape,
});

const facts = (more: Partial<GraphFacts>): GraphFacts => ({
  inputs: [],
  outputs: [],
  metadata: {},
  files: {},
  producer: '',
  operators: new Set(),
  image: {
    name: 'data',
    type: 'float',
    layout: 'nchw',
    height: 160,
    width: 160,
    batch: 1,
    isFixed: true,
  },
  ...more,
});

test('the number of class names determines how many values a NanoDet-Plus distance has', () => {
  // 20² + 10² + 5² + 3² cells; 7 classes and 4 distances of 16 values.
  const graph = facts({ outputs: [port('output', 1, 534, 7 + 4 * 16)] });
  const claim = familyNamed('nanodet-plus')!.claim(graph, { isAsked: true, names: 7 });
  expect(claim).toMatchObject({ classCount: 7, parameters: { bins: 16 } });
});

test.for(['orig_target_sizes', 'orig_size'])(
  "%s is accepted as RT-DETR's input for the photo size",
  (name) => {
    const graph = facts({
      inputs: [port('images', 1, 3, 160, 160), port(name, 1, 2)],
      outputs: [port('scores', 1, 9), port('boxes', 1, 9, 4), port('labels', 1, 9)],
    });
    expect(familyNamed('rt-detr')!.claim(graph, { isAsked: false, names: undefined })).toBeDefined();
  },
);

test('a class that config.json omits keeps its number', () => {
  const graph = facts({
    outputs: [port('logits', 1, 9, 5), port('pred_boxes', 1, 9, 4)],
    files: { 'config.json': '{"model_type": "detr", "id2label": {"0": "ant", "1": "bee", "3": "fly"}}' },
  });
  const claim = familyNamed('detr')!.claim(graph, { isAsked: false, names: undefined });
  expect(claim?.classes).toEqual(['ant', 'bee', 'class 2', 'fly']);
});
