/**
 * Whole commands from a cold process: `--help`, and a first detection with its output image.
 * `npm run build && npx tsx scripts/benchmarks/startup.ts [ROUNDS]`
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { alternate, median } from './alternate.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const picture = join(temporaryFolder('startup'), 'dog.png');
const model = dataPath('darknet/MobileNetV2-YOLOv3-Nano-coco.cfg');
const commands = {
  'node, doing nothing': ['-e', '0'],
  'micro-yolo --help': [main, '--help'],
  'micro-yolo detect dog.jpg --json': [main, 'detect', dataPath('photos/dog.jpg'), '-m', model, '--json'],
  'micro-yolo detect dog.jpg, drawn': [
    main,
    'detect',
    dataPath('photos/dog.jpg'),
    '-m',
    model,
    '-o',
    picture,
  ],
};
const contenders = Object.entries(commands).map(([name, args]) => ({
  name,
  run: async () => {
    const { status, stderr } = spawnSync(process.execPath, args);
    if (status !== 0) throw new Error(`${name}: ${stderr}`);
  },
}));
const timings = await alternate(contenders, numbers(5)[0]);
for (const [name, times] of timings)
  console.log(`${name.padEnd(34)} ${median(times).toFixed(0).padStart(5)} ms`);
