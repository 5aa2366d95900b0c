import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { GraphBuilder } from '../../../src/graph/builder.ts';
import type { Graph } from '../../../src/graph/operations.ts';
import { runReference } from '../../../src/graph/reference/run.ts';
import type { Anchor, YoloLayer } from '../../../src/network/layers.ts';
import { assignInGraph, type GraphAssignerName } from '../../../src/training/assigners/dynamic/assign.ts';
import { decodeLogits } from '../../../src/training/heads/decoded-head.ts';
import { isBox, type Truth } from '../../../src/training/heads/targets.ts';
import { runGraph } from '../../graph/run-graph.ts';

/** What scripts/goldens/assigners.py stores about a case. */
interface Golden {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  readonly heads: readonly {
    readonly rows: number;
    readonly columns: number;
    readonly anchors: readonly Anchor[];
  }[];
  /** Range of the logits: from −spread to spread. */
  readonly seed: number;
  readonly spread: number;
  readonly images: readonly (readonly Truth[])[];
  readonly expected: Readonly<
    Record<
      GraphAssignerName,
      {
        /** Index of the truth of each prediction, −1 without one; one list per image. */
        readonly owners: readonly (readonly number[])[];
        /** For the predictions that have a truth, in their order. */
        readonly qualities: readonly (readonly number[])[];
      }
    >
  >;
}

const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('fixtures/assigners.json', import.meta.url), 'utf8'),
);

type Tensors = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: Float32Array }>>;
type Executor = (
  graph: Graph,
  tensors: Tensors,
) => Promise<Readonly<Record<string, { readonly data: ArrayLike<number> }>>>;

/** With the tolerance of a quality. */
const executors: readonly (readonly [name: string, tolerance: number, run: Executor])[] = [
  [
    'the reference in float64',
    1e-6,
    async (graph, tensors) => Object.fromEntries(runReference(graph, new Map(Object.entries(tensors)))),
  ],
  ['ONNX Runtime', 1e-4, (graph, tensors) => runGraph({ graph, tensors: new Map() }, tensors)],
];

/** More places than any image has truths; the rest stay empty. */
const ROOM = 14;

/** A case as a graph with one assigner; outputs PART.HEAD, and the counts. */
function assignerGraph({ width, height, classes, heads, images }: Golden, name: GraphAssignerName): Graph {
  const graph = new GraphBuilder();
  const batch = images.length;
  const decoded = heads.map(({ rows, columns, anchors }, index) => {
    const layer: YoloLayer = { type: 'yolo', name: `${index}`, inputs: [], anchors, classes, scaleXY: 1 };
    const logits = graph.input(`${index}`, [batch, anchors.length * (5 + classes), rows, columns]);
    return decodeLogits(graph, layer, logits, { width, height });
  });
  const edges = graph.input('truths', [batch, ROOM, 4]);
  const ids = graph.input('classes', [batch, ROOM]);
  const { targets, truthCount, assigned } = assignInGraph(
    graph,
    name,
    decoded,
    { width, height },
    edges,
    ids,
  );
  targets.forEach(({ positive, box, classId, quality }, head) => {
    for (const [part, value] of Object.entries({ positive, ...box, classId, quality: quality! })) {
      graph.output(`${part}.${head}`, value);
    }
  });
  graph.output('truthCount', truthCount);
  graph.output('assigned', assigned);
  return graph.build();
}

function inputs({ classes, heads, images, seed, spread }: Golden): Tensors {
  const uniform = uniformRandom(seed);
  const batch = images.length;
  const logits = heads.map(({ rows, columns, anchors }, index) => {
    const shape = [batch, anchors.length * (5 + classes), rows, columns];
    const length = shape.reduce((product, size) => product * size);
    return [
      `${index}`,
      { shape, data: Float32Array.from({ length }, () => spread * (2 * uniform() - 1)) },
    ] as const;
  });
  const boxes = new Float32Array(batch * ROOM * 4);
  const ids = new Float32Array(batch * ROOM);
  images.forEach((truths, image) => {
    truths.forEach(({ box, classId }, place) => {
      boxes.set(box, 4 * (image * ROOM + place));
      ids[image * ROOM + place] = classId;
    });
  });
  return {
    ...Object.fromEntries(logits),
    truths: { shape: [batch, ROOM, 4], data: boxes },
    classes: { shape: [batch, ROOM], data: ids },
  };
}

const titles = goldens.map(({ title }) => title);
const goldenOf = (title: string) => goldens.find((golden) => golden.title === title)!;

describe.each(executors)('by %s', (_, tolerance, run) => {
  describe.each(['sim-ota', 'task-aligned'] as const)('%s', (name) => {
    test.each(titles)('assigns like the loops: %s', async (title) => {
      const golden = goldenOf(title);
      const { owners, qualities } = golden.expected[name];
      const outputs = await run(assignerGraph(golden, name), inputs(golden));
      /** A part of an image's predictions, with all heads concatenated. */
      const part = (key: string, image: number) =>
        golden.heads.flatMap(({ rows, columns, anchors }, head) => {
          const count = anchors.length * rows * columns;
          return Array.from(outputs[`${key}.${head}`]!.data).slice(image * count, (image + 1) * count);
        });
      golden.images.forEach((truths, image) => {
        const own = owners[image]!;
        const expected = (value: (truth: Truth) => number) =>
          own.map((place) => (place < 0 ? 0 : value(truths[place]!)));
        expect(part('positive', image)).toEqual(expected(() => 1));
        expect(part('classId', image)).toEqual(expected(({ classId }) => classId));
        expect(part('x', image)).toEqual(expected(({ box }) => (box[0] + box[2]) / 2));
        expect(part('y', image)).toEqual(expected(({ box }) => (box[1] + box[3]) / 2));
        expect(part('width', image)).toEqual(expected(({ box }) => box[2] - box[0]));
        expect(part('height', image)).toEqual(expected(({ box }) => box[3] - box[1]));
        const rest = [...qualities[image]!];
        part('quality', image).forEach((quality, index) => {
          const value = own[index]! < 0 ? 0 : rest.shift()!;
          expect(Math.abs(quality - value), `${index}`).toBeLessThanOrEqual(
            tolerance * Math.max(value, 1e-6),
          );
        });
      });
      const places = owners.map((own) => new Set(own.filter((place) => place >= 0)).size);
      const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
      expect(outputs['assigned']!.data[0]).toBe(sum(places));
      expect(outputs['truthCount']!.data[0]).toBe(
        sum(golden.images.map((truths) => truths.filter(isBox).length)),
      );
    });
  });
});
