import { expect, test } from 'vitest';
import { spatialPyramid } from '../../../src/network/blocks/spatial-pyramid.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';

test('concatenates a map with its maxima in windows of 5, 9 and 13', () => {
  const builder = new NetworkBuilder([32, 10, 12]);
  spatialPyramid(builder, 'pyramid', 'input', { outChannels: 24, activation: 'silu' });
  const { layers } = builder.build('pyramid');
  const pools = layers.filter((layer) => layer.type === 'maxPool');
  // A window of 5 over windows of n covers n + 4.
  expect(pools).toMatchObject([
    { name: 'pyramid.5', inputs: ['pyramid.reduce.act'], kernel: 5, stride: 1, padding: [2, 2, 2, 2] },
    { name: 'pyramid.9', inputs: ['pyramid.5'], kernel: 5, stride: 1, padding: [2, 2, 2, 2] },
    { name: 'pyramid.13', inputs: ['pyramid.9'], kernel: 5, stride: 1, padding: [2, 2, 2, 2] },
  ]);
  expect(layers.find(({ name }) => name === 'pyramid.join')!.inputs).toEqual([
    ...['pyramid.reduce.act', 'pyramid.5', 'pyramid.9', 'pyramid.13'],
  ]);
  expect(builder.shape('pyramid.join')).toEqual([64, 10, 12]);
  expect(builder.shape('pyramid.out.act')).toEqual([24, 10, 12]);
});
