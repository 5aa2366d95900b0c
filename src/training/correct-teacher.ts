import { bestAnchor } from './assigners/best-anchor.ts';
import { denseTargets, type Head, type Truth } from './assigners/targets.ts';
import type { DetectionBatch } from './batch.ts';
import { TRUTH_CLASSES_INPUT, TRUTHS_INPUT, teacherInputs } from './losses/inputs.ts';

type Tensors = DetectionBatch['tensors'];

/** The true objects of each image of a batch, as far as the step has room for them. */
function truthsOf({ [TRUTHS_INPUT]: boxes, [TRUTH_CLASSES_INPUT]: classes }: Tensors): readonly Truth[][] {
  const [batch, room] = boxes!.shape as [number, number, number];
  return Array.from({ length: batch }, (_, image) =>
    Array.from({ length: room }, (_, place): Truth => {
      const at = image * room + place;
      const [left, top, right, bottom] = boxes!.data.subarray(4 * at, 4 * at + 4);
      return { box: [left!, top!, right!, bottom!], classId: classes!.data[at]! };
    }),
  );
}

/**
 * Puts the true objects into what a teacher says of a batch: in the anchor cell that answers for one (`bestAnchor`)
 * there is an object for sure, of its box and class. A teacher that overlooks an object, or knows nothing of its class,
 * does not unteach it then. Of the other classes the teacher's scores stay where it takes the object's for the likeliest,
 * else they are 0.
 * @param taught the inputs that `teacherTargets` makes; changed
 * @param batch that they are of
 */
export function correctTeacher(taught: Tensors, batch: Tensors, heads: readonly Head[]): void {
  const targets = denseTargets(truthsOf(batch), heads, bestAnchor);
  for (const [index, { layer, rows, columns }] of heads.entries()) {
    const { positive, box: trueBox, classId } = targets[index]!;
    const names = teacherInputs(layer.name);
    const [objectness, box, classes] = [names.objectness, names.box, names.classes].map(
      (name) => taught[name]!.data,
    );
    const cells = rows * columns;
    for (const [place, isThere] of positive.entries()) {
      if (isThere !== 1) continue;
      const [group, cell] = [Math.floor(place / cells), place % cells];
      objectness![place] = 1;
      for (let part = 0; part < 4; part++) {
        const at = (4 * group + part) * cells + cell;
        box![at] = trueBox[at]!;
      }
      const scoreAt = (id: number) => (layer.classes * group + id) * cells + cell;
      const ids = Array.from({ length: layer.classes }, (_, id) => id);
      const own = classId[place]!;
      const isLikeliest = ids.every((id) => classes![scoreAt(id)]! <= classes![scoreAt(own)]!);
      for (const id of ids) if (id === own || !isLikeliest) classes![scoreAt(id)] = id === own ? 1 : 0;
    }
  }
}
