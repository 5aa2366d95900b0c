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

/** Feature maps of an imported graph. */
export interface GraphMaps {
  /** Names of the values that the graph must output. */
  readonly features: readonly string[];
  /** The maps for images of one of the student's sizes. */
  at(size: Size): TeacherMaps;
}

/** Whether an image fills the input up to rounding, so that cells of both match. */
const fills = ({ placement, input }: PreparedImage) =>
  placement.width > input.width - 1 && placement.height > input.height - 1;

const sizeText = ({ width, height }: Size) => `${width}×${height}`;

/** Finds the maps of a graph for images of one size, with a gray image. */
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
  /** Its input sizes during a run, in pixels. */
  readonly sizes: readonly Size[];
}

/**
 * Finds the feature maps of an imported graph: the named ones, and for each student output the one with its grid.
 * @param named names of tensors in the graph
 * @throws MicroYoloError `invalid-argument` for an unknown tensor, or if images do not fill the graph's input
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
