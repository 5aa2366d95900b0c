import type { Shape } from '../../executors/onnx/cost/graph-cost.ts';
import { nodeValues, shapeOutput, shapeProbe } from '../../executors/onnx/cost/shape-probe.ts';
import type { OnnxFile } from '../../executors/onnx/read.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { placeImage } from '../../image/letterbox.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { GraphNetwork } from './graph-network.ts';

/** Returns the shapes that the file declares completely. */
function statedShapes({ proto }: OnnxFile): Map<string, Shape> {
  const { valueInfo, input, output } = proto.graph;
  const stated = new Map<string, Shape>();
  for (const { name, type } of [...valueInfo, ...input, ...output]) {
    if (type?.value.case !== 'tensorType') continue;
    const dims = type.value.value.shape?.dim.map(({ value }) =>
      value.case === 'dimValue' ? Number(value.value) : undefined,
    );
    if (dims?.every((size) => size !== undefined)) stated.set(name, dims as number[]);
  }
  return stated;
}

/**
 * Returns the shapes of a graph's values for one image, determined by a run on a gray image. If this run fails, returns
 * only the shapes that the file declares.
 */
export async function graphShapes(model: GraphModel, file: OnnxFile): Promise<ReadonlyMap<string, Shape>> {
  const shapes = statedShapes(file);
  const { width, height } = model.input;
  const size = { width, height };
  try {
    await using network = await GraphNetwork.open({ ...model, onnx: shapeProbe(file) });
    const pixels = new Uint8Array(3 * width * height).fill(128);
    const feeds = network.feeds({ pixels, placement: placeImage(size, size, 'stretch'), input: size });
    const found = await network.runWhole(feeds);
    for (const name of nodeValues(file)) {
      const told = found[shapeOutput(name)];
      if (told) shapes.set(name, [...told.data]);
    }
    for (const [name, { shape }] of Object.entries(feeds)) shapes.set(name, shape);
  } catch (error) {
    if (!(error instanceof MicroYoloError)) throw error;
  }
  return shapes;
}
