import type { GraphModel } from '../model/graph-model.ts';
import { type GraphCost, graphCost } from '../onnx/graph-cost.ts';
import { type OnnxFile, readOnnx } from '../onnx/read.ts';
import { graphShapes } from './graph-shapes.ts';
import { withTensorsInside } from './inline-tensors.ts';

/**
 * What a graph costs for one image at the model's input size, and the file it was counted from.
 * @throws MicroYoloError if the file cannot be read
 */
export async function measureGraph(
  model: GraphModel,
): Promise<{ readonly cost: GraphCost; readonly file: OnnxFile }> {
  const file = readOnnx(await withTensorsInside(model.onnx), model.name);
  return { cost: graphCost(file, await graphShapes(model, file), model.input.batch), file };
}
