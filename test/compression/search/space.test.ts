import { describe, expect, test } from 'vitest';
import { candidateLayout, drawCandidates, searchDimensions } from '../../../src/compression/search/space.ts';
import { layouts } from '../../../src/network/detectors/layouts.ts';
import { tinyDetector } from '../../../src/network/detectors/tiny-detector.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { SPACES } from '../../../src/options/search.ts';

const base = { layout: layouts['micro-yolo'], size: 320 };

test('the kernels of micro-yolo are those of its two depthwise stages and its head: 27 combinations', () => {
  const dimensions = searchDimensions(['kernels'], base, 16);
  expect(dimensions.map(({ name }) => name)).toEqual([
    'kernel of stage 3',
    'kernel of stage 4',
    'kernel of the head',
  ]);
  expect(drawCandidates(dimensions, 30, 1)).toHaveLength(27);
});

test('widths are multiples of the block', () => {
  const dimensions = searchDimensions(['widths'], base, 16);
  const [, , , stage] = dimensions;
  expect(stage).toMatchObject({ name: 'width of stage 3', values: [192, 256, 320] });
});

describe.each(Object.keys(layouts) as (keyof typeof layouts)[])('%s', (name) => {
  test('rebuilds the layout from its own values', () => {
    const network = tinyDetector(layouts[name], { size: 320 });
    expect(network).toEqual(buildDetector(name, { size: 320 }));
  });

  test('builds a network for every candidate', () => {
    const own = { layout: layouts[name], size: 96 };
    for (const space of SPACES) {
      let dimensions: ReturnType<typeof searchDimensions>;
      try {
        dimensions = searchDimensions([space], own, 16);
      } catch (error) {
        expect((error as Error).message).toContain('has nothing to vary there');
        continue;
      }
      for (const candidate of drawCandidates(dimensions, 4, 2)) {
        const { layout, size } = candidateLayout(own, dimensions, candidate);
        expect(tinyDetector(layout, { classes: 2, size }).layers.length).toBeGreaterThan(10);
      }
    }
  });
});

test('candidates drawn from a larger space are distinct, and the same for the same seed', () => {
  const dimensions = searchDimensions(['kernels', 'widths', 'depths'], base, 16);
  const drawn = drawCandidates(dimensions, 40, 7);
  expect(new Set(drawn.map((candidate) => candidate.join())).size).toBe(40);
  expect(drawCandidates(dimensions, 40, 7)).toEqual(drawn);
});

test.each(Object.keys(layouts) as (keyof typeof layouts)[])(
  'different candidates of %s are different networks',
  (name) => {
    const own = { layout: layouts[name], size: 96 };
    const dimensions = searchDimensions(['kernels', 'heads'], own, 16);
    const candidates = drawCandidates(dimensions, 60, 3);
    const built = candidates.map((candidate) => JSON.stringify(candidateLayout(own, dimensions, candidate)));
    expect(new Set(built).size).toBe(candidates.length);
  },
);

test.each(Object.keys(layouts) as (keyof typeof layouts)[])('the heads of %s include its own', (name) => {
  const own = { layout: layouts[name], size: 96 };
  const build = ({ layout, size }: typeof own) => tinyDetector(layout, { classes: 2, size });
  const [head] = searchDimensions(['heads'], own, 16);
  const built = head!.values.map((value) => build(head!.apply(own, value) as typeof own));
  expect(built).toContainEqual(build(own));
});

test('refuses a space that does not apply to the layout', () => {
  const plain = { layout: layouts['yolov3-tiny'], size: 320 };
  expect(() => searchDimensions(['expansions'], plain, 16)).toThrow(
    'space expansions: yolov3-tiny has nothing to vary there; choose another of kernels',
  );
});
