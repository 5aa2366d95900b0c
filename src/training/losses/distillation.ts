import type { GraphBuilder } from '../../graph/builder.ts';
import type { Value } from '../../graph/operations.ts';
import { type BoxLoss, boxLoss } from '../heads/box-overlap.ts';
import type { DecodedHead } from '../heads/decoded-head.ts';
import { teacherInputs } from '../heads/inputs.ts';
import { centerBoxes } from '../heads/target-values.ts';
import { binaryCrossEntropy } from './cross-entropy.ts';

/**
 * Distance to a teacher's predictions, which are inputs of the graph: the cross-entropy of every objectness, plus the
 * losses of boxes and classes, weighted by the teacher's objectness. Divided by the sum of the teacher's objectness, at
 * least 1.
 */
export function distillationLoss(graph: GraphBuilder, heads: readonly DecodedHead[], box: BoxLoss): Value {
  const add = (a: Value, b: Value) => graph.binary('add', a, b);
  const parts = heads.map(({ layer, boxes, objectness, classes }) => {
    const [batch, anchors, , cells] = objectness.shape as [number, number, number, number];
    const names = teacherInputs(layer.name);
    const seen = graph.input(names.objectness, [batch, anchors, 1, cells]);
    const teacherBoxes = graph.input(names.box, [batch, anchors, 4, cells]);
    const scores = graph.input(names.classes, [batch, anchors, layer.classes, cells]);
    const offBox = boxLoss(graph, box, boxes, centerBoxes(graph, teacherBoxes));
    const offClasses = graph.reduce('sum', binaryCrossEntropy(graph, classes, scores), [2]);
    const off = add(
      binaryCrossEntropy(graph, objectness, seen),
      graph.binary('multiply', seen, add(offBox, offClasses)),
    );
    return { off: graph.reduce('sum', off), seen: graph.reduce('sum', seen) };
  });
  const [off, seen] = [parts.map((part) => part.off).reduce(add), parts.map((part) => part.seen).reduce(add)];
  return graph.binary('divide', off, graph.binary('maximum', seen, graph.constant(1)));
}
