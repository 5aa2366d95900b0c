import { shapeText } from '../decoders/ports.ts';
import type { GraphFacts, GraphPort } from '../families/family.ts';

/** Descriptions of other tasks, by their names in exporters' metadata. */
const TASKS: Readonly<Record<string, string>> = {
  segment: 'a YOLO segmentation model',
  semantic: 'a YOLO segmentation model',
  pose: 'a YOLO pose model',
  obb: 'a YOLO model of rotated boxes',
  classify: 'a YOLO classifier',
};

/**
 * Whether an output contains mask prototypes, [1, 32, rows, columns], which YOLO segmentation models return besides
 * their predictions.
 */
function arePrototypes({ shape }: GraphPort, { width, height }: GraphFacts['image']): boolean {
  const [, channels, rows, columns] = shape;
  return shape.length === 4 && channels === 32 && rows === height / 4 && columns === width / 4;
}

/**
 * Describes a graph that is not a detector, based on its metadata or shapes: `a classifier`. Undefined if nothing
 * tells.
 */
export function otherTask({ metadata, outputs, image }: GraphFacts): string | undefined {
  const task = metadata['task'];
  if (task !== undefined && task !== 'detect') {
    return `${TASKS[task] ?? 'a model of another task'} (metadata task ${JSON.stringify(task.slice(0, 40))})`;
  }
  const [first] = outputs;
  if (outputs.some((output) => arePrototypes(output, image))) {
    return 'a YOLO segmentation model, its outputs are masks';
  }
  if (outputs.length !== 1 || !first) return undefined;
  const shape = shapeText(first.shape);
  if (first.shape.length === 2 && (first.shape[1] ?? 0) > 1 && first.declared[0] !== undefined) {
    return `a classifier or an embedding, its output is one row of numbers ${shape}`;
  }
  return first.shape.length === 4 ? `a segmenter or another model with map outputs of ${shape}` : undefined;
}
