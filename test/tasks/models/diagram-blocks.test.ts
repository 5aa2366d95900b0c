import { expect, test } from 'vitest';
import { networkCost } from '../../../src/network/cost.ts';
import { buildDetector, detectorNames } from '../../../src/network/registry.ts';
import { diagramBlocks } from '../../../src/tasks/models/diagram-blocks.ts';

test.for(detectorNames)('%s: every connection of the diagram ends at a block drawn before it', (name) => {
  const seen = new Set<string>();
  for (const { name: block, inputs } of diagramBlocks(networkCost(buildDetector(name)).layers)) {
    for (const input of inputs) expect(seen).toContain(input);
    seen.add(block);
  }
});

test.for(detectorNames)('%s: the blocks contain all parameters of the network', (name) => {
  const cost = networkCost(buildDetector(name));
  const sum = diagramBlocks(cost.layers).reduce((total, { parameters }) => total + parameters, 0);
  expect(sum).toBe(cost.parameters.total);
});

test('norm and activation are drawn with the convolution that they follow', () => {
  const [first] = diagramBlocks(networkCost(buildDetector('yolov3-tiny')).layers);
  expect(first).toMatchObject({
    title: 'conv 3×3 leakyRelu',
    shape: '16×416×416',
    parameters: 16 * 27 + 4 * 16,
  });
});
