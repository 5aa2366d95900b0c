import { join } from 'node:path';
import { loadDataset } from '../../../src/datasets/open/description.ts';
import { blockSize } from '../../../src/executors/onnx/step/block-size.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { initializeWeights } from '../../../src/models/initialize.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';
import { convBlock } from '../../../src/network/blocks/conv-block.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import type { Network } from '../../../src/network/layers.ts';
import { synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';

/** Channels per block, as pruning counts them. */
export const BLOCK = (await blockSize()) ?? 8;

/** A detector at 64 px with layers of these widths. */
function smallNetwork(widths: readonly number[], classes: number): Network {
  const builder = new NetworkBuilder([3, 64, 64]);
  let last = 'input';
  for (const [index, outChannels] of widths.entries()) {
    const stride = index < 4 ? 2 : 1;
    last = convBlock(builder, `block${index}`, last, { outChannels, kernel: 3, stride, activation: 'relu' });
  }
  const logits = builder.conv('logits', last, { outChannels: 5 + classes, kernel: 1, bias: true });
  builder.yolo('head', logits, { anchors: [[24, 24]], classes, scaleXY: 2 });
  return builder.build('small');
}

/** Writes a data set of drawn shapes, and an untrained detector of its classes. @param widths in blocks */
export async function smallDetector(folder: string, widths: readonly number[]) {
  const data = join(folder, 'shapes');
  await synthesizeDataset({ out: data, train: 6, val: 2, size: 64 });
  const { categories } = await loadDataset(join(data, 'train.json'));
  const classes = categories.map(({ name }) => name);
  const network = smallNetwork(
    widths.map((blocks) => blocks * BLOCK),
    classes.length,
  );
  const model = join(folder, 'small.safetensors');
  const weights = initializeWeights(network, 3);
  const provenance = { source: 'test' };
  await writeModel(model, { network, weights, classes, recipe: DEFAULT_RECIPE, provenance });
  return { data, model };
}

/** Options of a pruning that takes seconds. */
export const QUICK = {
  ...{ epochs: 1, finalEpochs: 1, scratchEpochs: 1, threads: 1 },
  settings: { batch: 2, engine: 'onnx-plain' },
} as const;
