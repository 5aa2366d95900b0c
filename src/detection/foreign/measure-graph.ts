import { type GraphCost, graphCost } from '../../executors/onnx/cost/graph-cost.ts';
import { type OnnxFile, readOnnx } from '../../executors/onnx/read.ts';
import { withTensorsInside } from '../../models/formats/onnx/inline-tensors.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { graphShapes } from './graph-shapes.ts';

/**
 * Returns the cost of a graph for one image at the model's input size, and the file for which it was counted.
 * @throws MicroYoloError if the file cannot be read
 */
export async function measureGraph(
  model: GraphModel,
): Promise<{ readonly cost: GraphCost; readonly file: OnnxFile }> {
  const file = readOnnx(await withTensorsInside(model.onnx), model.name);
  return { cost: graphCost(file, await graphShapes(model, file), model.input.batch), file };
}
