/**
 * Our ONNX files compared with PyTorch's of the same networks, batch norms folded in both, in one ONNX Runtime with
 * the same options: outputs first, then times, alternately.
 * `npx tsx scripts/benchmarks/network/network.ts [ROUNDS] [--save]`; PYTHON names a Python with torch and onnx.
 */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSession, type Session } from '../../../src/executors/onnx/session/session.ts';
import { compileModel } from '../../../src/models/compile/compile.ts';
import { writeModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { loadModel } from '../../../src/models/load.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { dataPath } from '../../data-folder.ts';
import { numbers } from '../../numbers.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { alternate, median, medianRatio } from '../alternate.ts';
import { python } from '../peer.ts';
import { saveResults } from '../results.ts';
import { samplePixels, untrained } from '../untrained.ts';

const exporter = fileURLToPath(new URL('torch_network.py', import.meta.url));
const [rounds] = numbers(40);
const folder = temporaryFolder('network');

/** Networks that the peer has too. */
const NAMES = ['micro-yolo', 'yolov3-tiny'] as const;

async function largestDifference(
  a: Session,
  b: Session,
  feeds: Parameters<Session['run']>[0],
): Promise<number> {
  const [ours, theirs] = [await a.run(feeds), await b.run(feeds)];
  let largest = 0;
  for (const [name, { data }] of Object.entries(ours)) {
    const other = theirs[`output_${name}`]!.data;
    for (let i = 0; i < data.length; i++) {
      largest = Math.max(largest, Math.abs(data[i]! - other[i]!) / Math.max(1, Math.abs(other[i]!)));
    }
  }
  return largest;
}

const nano = (await loadModel(dataPath('darknet/MobileNetV2-YOLOv3-Nano-coco.cfg'))).model;
const networks: { name: string; ms: number; peerMs: number; ratio: number }[] = [];
console.log('network                                   ours  PyTorch export           ratio      difference');
for (const model of [nano, ...NAMES.map((name) => untrained(buildDetector(name)))]) {
  const { name, input } = model.network;
  const [source, target] = [join(folder, `${name}.safetensors`), join(folder, `${name}.onnx`)];
  await writeModel(source, model);
  execFileSync(python, [exporter, source, target], { stdio: ['ignore', 'ignore', 'pipe'] });
  await using ours = await createSession(compileModel(model));
  await using theirs = await createSession(await readFile(target));
  const [, height, width] = input;
  const feeds = { image: { shape: [1, height, width, 3], data: samplePixels(model.network) } };
  const difference = await largestDifference(ours, theirs, feeds);
  if (!(difference < 1e-3)) throw new Error(`${name}: outputs differ by ${difference}`);
  const timings = await alternate(
    [
      { name: 'ours', run: () => ours.run(feeds) },
      { name: 'theirs', run: () => theirs.run(feeds) },
    ],
    rounds,
  );
  const [ms, peerMs] = [median(timings.get('ours')!), median(timings.get('theirs')!)];
  const ratio = medianRatio(timings, 'ours', 'theirs');
  networks.push({ name, ms, peerMs, ratio });
  const cells = [
    `${ms.toFixed(2)} ms`,
    `${peerMs.toFixed(2)} ms`,
    ratio.toFixed(3),
    difference.toExponential(1),
  ];
  console.log(name.padEnd(30) + cells.map((cell) => cell.padStart(16)).join(''));
}
saveResults('network', { networks });
process.exit(0);
