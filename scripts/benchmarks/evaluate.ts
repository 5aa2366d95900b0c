/**
 * COCO evaluation at the size of COCO's validation set, including loading, compared with pycocotools and
 * faster-coco-eval: 5,000 images, 36,000 boxes, 300,000 detections, 80 classes. Compares results first.
 * `npx tsx scripts/benchmarks/evaluate.ts [ROUNDS] [--save]`; PYTHON names a Python with both.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { normalRandom, uniformRandom } from '../../src/foundation/random.ts';
import { numbers } from '../numbers.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { median } from './alternate.ts';
import { python } from './peer.ts';
import { saveResults } from './results.ts';

const IMAGES = 5000;
const TRUTHS = 36_000;
const DETECTIONS = 300_000;
const CLASSES = 80;

interface Run {
  readonly seconds: number;
  readonly peak: number;
  readonly metrics: readonly number[];
}

/** True boxes, each with a few detections near it; the other detections are anywhere. */
function generate(folder: string): readonly [truth: string, detections: string] {
  const uniform = uniformRandom(1);
  const normal = normalRandom(uniform);
  const whole = (below: number) => Math.floor(below * uniform());
  const rounded = (value: number) => Math.round(100 * value) / 100;
  const randomBox = () => {
    const [width, height] = [Math.exp(2 + 4 * uniform()), Math.exp(2 + 4 * uniform())];
    return [640 * uniform(), 480 * uniform(), width, height].map(rounded);
  };
  // Classes as unbalanced as COCO's: a few are very frequent.
  const category = () => 1 + Math.floor(CLASSES * uniform() ** 2);
  const images = Array.from({ length: IMAGES }, (_, id) => ({
    id: id + 1,
    width: 640,
    height: 480,
    file_name: `${id}.jpg`,
  }));
  const annotations = Array.from({ length: TRUTHS }, (_, id) => {
    const bbox = randomBox();
    const area = rounded(bbox[2]! * bbox[3]! * (0.5 + 0.5 * uniform()));
    return {
      id: id + 1,
      image_id: 1 + whole(IMAGES),
      category_id: category(),
      bbox,
      area,
      iscrowd: uniform() < 0.01 ? 1 : 0,
    };
  });
  const detections = Array.from({ length: DETECTIONS }, (_, index) => {
    const near = annotations[index % (5 * TRUTHS)];
    const score = Math.round(1e5 * uniform()) / 1e5;
    if (!near) return { image_id: 1 + whole(IMAGES), category_id: category(), bbox: randomBox(), score };
    const bbox = near.bbox.map((side, i) =>
      rounded(
        Math.max(i < 2 ? Number.NEGATIVE_INFINITY : 1, side + 0.1 * near.bbox[2 + (i % 2)]! * normal()),
      ),
    );
    return { image_id: near.image_id, category_id: near.category_id, bbox, score };
  });
  const categories = Array.from({ length: CLASSES }, (_, id) => ({ id: id + 1, name: `class ${id + 1}` }));
  const paths = [join(folder, 'instances.json'), join(folder, 'detections.json')] as const;
  writeFileSync(paths[0], JSON.stringify({ images, annotations, categories }));
  writeFileSync(paths[1], JSON.stringify(detections));
  return paths;
}

const files = generate(temporaryFolder('evaluate'));
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const run = (command: string, args: readonly string[]): Run =>
  JSON.parse(execFileSync(command, [...args, ...files], { encoding: 'utf8' }));
const contenders = {
  ours: () =>
    run(process.execPath, ['--import', fileURLToPath(import.meta.resolve('tsx')), here('evaluate-ours.ts')]),
  pycocotools: () => run(python, [here('evaluate_peer.py'), 'pycocotools']),
  'faster-coco-eval': () => run(python, [here('evaluate_peer.py'), 'faster-coco-eval']),
};

const runs = new Map<string, Run[]>(Object.keys(contenders).map((name) => [name, []]));
const [rounds] = numbers(3);
for (let round = 0; round < rounds; round++) {
  for (const [name, contender] of Object.entries(contenders)) runs.get(name)!.push(contender());
}
const expected = runs.get('pycocotools')![0]!.metrics;
const figures = [...runs].map(([name, list]) => {
  const difference = Math.max(...list[0]!.metrics.map((value, i) => Math.abs(value - expected[i]!)));
  if (!(difference < 1e-9))
    throw new Error(`${name}: the twelve numbers differ from pycocotools' by ${difference}`);
  return {
    name,
    seconds: median(list.map(({ seconds }) => seconds)),
    peak: Math.max(...list.map(({ peak }) => peak)),
  };
});
const own = figures[0]!;
for (const { name, seconds, peak } of figures) {
  const ratio = `ours is ${(seconds / own.seconds).toFixed(1)} × as fast`;
  console.log(
    `${name.padEnd(18)} ${seconds.toFixed(2).padStart(7)} s ${peak.toFixed(0).padStart(6)} MiB at most   ${ratio}`,
  );
}
saveResults('evaluate', { contenders: figures });
