/**
 * Figures for the cards of the shipped models: the twelve numbers and the most frequent classes on images that
 * they were not trained on, cost and time of the network, and the size in each format.
 * `npx tsx scripts/benchmarks/shipped-models.ts [ROUNDS] [--save]`
 */
import { join } from 'node:path';
import { type ExportOptions, evaluateModel, exportModel } from '../../src/api/index.ts';
import { compareNetworks } from '../../src/api/models.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { saveResults } from './results.ts';

const MODELS = [
  { name: 'micro-yolo-coco', data: dataPath('coco-mini'), split: 'val' },
  { name: 'micro-yolo-blood-cells', data: dataPath('bccd'), split: 'test' },
];
const CLASSES = 20;
const [rounds] = numbers(20);
const folder = temporaryFolder('shipped-models');

/** Size of a model in a format, in bytes. */
async function sizeOf(model: string, options: Pick<ExportOptions, 'format' | 'half'>): Promise<number> {
  const { bytes } = await exportModel({ model, out: join(folder, `model.${options.format}`), ...options });
  return bytes;
}

const costs = await compareNetworks({ networks: MODELS.map(({ name }) => name), rounds });
const models = [];
for (const [index, { name, data, split }] of MODELS.entries()) {
  const { input, parameters, macs, memoryAccess, milliseconds } = costs[index]!;
  const { metrics, perClass, images } = await evaluateModel({ model: name, data, split });
  const classes = perClass.toSorted((a, b) => b.truths - a.truths).slice(0, CLASSES);
  const sizes = {
    'safetensors, half precision': await sizeOf(name, { format: 'safetensors', half: true }),
    'safetensors, single precision': await sizeOf(name, { format: 'safetensors' }),
    'ONNX, single precision': await sizeOf(name, { format: 'onnx' }),
  };
  console.log(`${name}, ${images} images of ${split}`);
  console.table(metrics);
  console.table(classes);
  console.table(sizes);
  const cost = { parameters: parameters.trainable, macs, memoryAccess, ms: milliseconds };
  models.push({ name, side: input.width, images, metrics, classes, ...cost, sizes });
}
saveResults('shipped-models', { models });
