/**
 * What the default model's card says of it: the twelve numbers and the most frequent classes on coco-mini's
 * validation images, and its size in each format. `npx tsx scripts/benchmarks/default-model.ts [MODEL] [--save]`
 */
import { join } from 'node:path';
import { type ExportOptions, evaluateModel, exportModel } from '../../src/index.ts';
import { dataPath } from '../data-folder.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { saveResults } from './results.ts';

const DATA = 'coco-mini/val.json';
const CLASSES = 20;
const [model = 'models/micro-yolo-coco.safetensors'] = process.argv
  .slice(2)
  .filter((arg) => !arg.startsWith('--'));

const { metrics, perClass, images } = await evaluateModel({ model, data: dataPath(DATA) });
const classes = perClass.toSorted((a, b) => b.truths - a.truths).slice(0, CLASSES);
console.table(metrics);
console.table(classes);

const folder = temporaryFolder('default-model');
const size = async (options: Pick<ExportOptions, 'format' | 'half'>) =>
  (await exportModel({ model, out: join(folder, `model.${options.format}`), ...options })).bytes;
const sizes = {
  'safetensors, half precision': await size({ format: 'safetensors', half: true }),
  'safetensors, single precision': await size({ format: 'safetensors' }),
  'ONNX, single precision': await size({ format: 'onnx' }),
};
console.table(sizes);
saveResults('default-model', { images, metrics, classes, sizes });
