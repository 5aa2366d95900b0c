import type { Size } from '../../../boxes/formats.ts';
import { graphShapes } from '../../../detection/foreign/graph-shapes.ts';
import { lastMaps } from '../../../executors/onnx/outputs/last-maps.ts';
import { checkValues } from '../../../executors/onnx/outputs/map-outputs.ts';
import { readOnnx } from '../../../executors/onnx/read.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { type PreparedImage, prepareImage } from '../../../image/prepare.ts';
import { withTensorsInside } from '../../../models/formats/onnx/inline-tensors.ts';
import type { GraphModel } from '../../../models/graph-model.ts';
import type { FeatureShape, Network } from '../../../network/layers.ts';
import { withInputSize } from '../../../network/shapes.ts';
import { yoloHeads } from '../../../training/heads/targets.ts';
import type { TeacherMaps } from '../../../training/teacher/hints.ts';

/** What a graph that others made can tell cell by cell. */
export interface GraphMaps {
  /** Values that it must give for that, by name. */
  readonly features: readonly string[];
  /** For pictures of a size that was asked for. */
  at(size: Size): TeacherMaps;
}

/** Whether a picture fills an input, so that its cells are those of the picture: sides may be rounded. */
const fills = ({ placement, input }: PreparedImage) =>
  placement.width > input.width - 1 && placement.height > input.height - 1;

const sizeText = ({ width, height }: Size) => `${width}×${height}`;

/** The maps of a graph for pictures of one size, by one run on a gray one. */
async function mapsAt(model: GraphModel, size: Size, named: readonly string[]): Promise<TeacherMaps> {
  const gray = { data: new Uint8Array(3 * size.width * size.height).fill(128), ...size };
  const prepared = await prepareImage(gray, model.recipe, model.input);
  const { input } = prepared;
  const file = readOnnx(await withTensorsInside(model.onnx), model.name);
  checkValues(file, named, 'hints', model.name);
  if (!fills(prepared)) {
    throw new MicroYoloError(
      'invalid-argument',
      `hints: images of ${sizeText(size)} leave a border in the ${sizeText(input)} px input of ${model.name}, so its cells differ; expected an input with the same aspect ratio`,
    );
  }
  const shapes = await graphShapes({ ...model, input: { ...model.input, ...input } }, file);
  const shapeOf = (name: string): FeatureShape => {
    const shape = shapes.get(name);
    if (shape?.length === 4 && shape[0] === model.input.batch) {
      return [shape[1]!, shape[2]!, shape[3]!];
    }
    throw new MicroYoloError(
      'invalid-argument',
      `hints: ${name} of ${model.name} is ${shape ? `[${shape.join(', ')}]` : 'of unknown shape'}, expected [${model.input.batch}, channels, rows, columns]; name another tensor`,
    );
  };
  const outputs = lastMaps(file, shapes, input);
  const outputOf = (rows: number, columns: number) => {
    const found = outputs.filter((name) => {
      const shape = shapes.get(name)!;
      return shape[0] === model.input.batch && shape[2] === rows && shape[3] === columns;
    });
    return found.length === 1 ? found[0] : undefined;
  };
  return { name: `${model.name} at ${sizeText(input)} px`, shapeOf, outputOf };
}

/** The network that learns from a teacher's maps. */
export interface Student {
  readonly network: Network;
  /** That its input has during a run, in pixels. */
  readonly sizes: readonly Size[];
}

/**
 * Looks for the maps of a graph that others made: those named, and for each output of the student the one of its grid.
 * @param named tensors of the graph
 * @throws MicroYoloError `invalid-argument` for an unknown tensor, or if pictures do not fill the graph's input
 */
export async function graphMaps(
  model: GraphModel,
  named: readonly string[],
  { network, sizes }: Student,
): Promise<GraphMaps> {
  const found = new Map<string, TeacherMaps>();
  const features = new Set(named);
  for (const size of sizes) {
    const maps = found.get(sizeText(size)) ?? (await mapsAt(model, size, named));
    found.set(sizeText(size), maps);
    for (const { rows, columns } of yoloHeads(withInputSize(network, size.width, size.height))) {
      const source = maps.outputOf(rows, columns);
      if (source !== undefined) features.add(source);
    }
  }
  return { features: [...features], at: (size) => found.get(sizeText(size))! };
}
