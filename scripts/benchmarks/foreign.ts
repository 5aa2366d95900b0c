/**
 * A foreign detector compared with the bare runtime: loading, the network alone, and decoding 8,400 × 84. Medians of
 * alternating runs. `npx tsx scripts/benchmarks/foreign.ts MODEL.onnx [ROUNDS]`
 */
import { readFile } from 'node:fs/promises';
import { loadDetector } from '../../src/detection/detector.ts';
import { familyNamed } from '../../src/detection/families/families.ts';
import { openSession } from '../../src/executors/onnx/session/open-session.ts';
import { alternate, median } from './alternate.ts';

const [path, rounds = '11'] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: foreign.ts MODEL.onnx [ROUNDS]');

await using detector = await loadDetector(path);
const { width, height } = detector.input;
const pixels = new Uint8Array(3 * width * height).fill(114);
const session = await openSession(await readFile(path));
const { Tensor } = await import('onnxruntime-node');
const feeds = {
  [session.inputNames[0]!]: new Tensor('float32', new Float32Array(pixels.length), [1, 3, height, width]),
};
const yolov8 = familyNamed('yolov8')!;
const output = {
  shape: [1, 84, 8400],
  // One score in forty is above the threshold.
  data: Float32Array.from({ length: 84 * 8400 }, (_, i) => (((i * 7919) % 10_007) / 10_007) ** 60),
};
const view = {
  input: { width: 640, height: 640 },
  original: { width: 640, height: 640 },
  classes: 80,
  scoreThreshold: 0.2,
  multiLabel: false,
  fromPhoto: (box: readonly [number, number, number, number]) => box,
};

const timings = await alternate(
  [
    {
      name: 'load, bare session',
      run: async () => (await openSession(await readFile(path))).release(),
    },
    { name: 'load, recognized', run: async () => (await loadDetector(path))[Symbol.asyncDispose]() },
    { name: 'network, bare session', run: async () => void (await session.run(feeds)) },
    { name: 'network, here', run: async () => void (await detector.run(pixels)) },
    {
      name: 'decode 8,400 × 84',
      run: async () => yolov8.decode({ output }, {}, view, () => {}),
    },
  ],
  Number(rounds),
);
for (const [name, times] of timings)
  console.log(`${name.padEnd(24)} ${median(times).toFixed(2).padStart(8)} ms`);
