/**
 * Writes the tables of README and docs anew from results/*.json and the registry, between
 * `<!-- table:NAME -->` marks. `npx tsx scripts/measured-tables.ts`; a test fails while a page is behind.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildDetector, networkCost } from '../src/index.ts';

const root = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const results = <T>(name: string) => JSON.parse(readFileSync(root(`results/${name}.json`), 'utf8')) as T;

interface Machine {
  readonly machine: { readonly cpu: string; readonly node: string };
}
interface DetectResults extends Machine {
  readonly photos: readonly {
    readonly photo: string;
    readonly contenders: readonly { readonly name: string; readonly ms: number; readonly ratio: number }[];
  }[];
}
interface NetworkResults extends Machine {
  readonly networks: readonly {
    readonly name: string;
    readonly ms: number;
    readonly peerMs: number;
    readonly ratio: number;
  }[];
}

interface EvaluateResults extends Machine {
  readonly contenders: readonly { readonly name: string; readonly seconds: number; readonly peak: number }[];
}

interface TrainingResults extends Machine {
  readonly batch: number;
  readonly side: number;
  readonly networks: readonly {
    readonly name: string;
    readonly contenders: readonly { readonly name: string; readonly ms: number; readonly ratio: number }[];
  }[];
}

interface AssignersResults extends Machine {
  readonly side: number;
  readonly batch: number;
  readonly steps: number;
  readonly seeds: number;
  readonly assigners: readonly {
    readonly name: string;
    readonly recall: number;
    readonly cells: number;
    readonly AP: number;
    readonly AP50: number;
    readonly ms: number;
  }[];
}

interface DetectorsResults extends Machine {
  readonly side: number;
  readonly detectors: readonly {
    readonly name: string;
    readonly parameters: number;
    readonly macs: number;
    readonly memoryAccess: number;
    readonly activationMemory: number;
    readonly ms: number;
  }[];
}

interface GuidelinesResults extends Machine {
  readonly results: readonly {
    readonly guideline: string;
    readonly name: string;
    readonly macs: number;
    readonly memoryAccess: number;
    readonly ratio: number;
  }[];
}

interface SpiralResults {
  readonly seeds: number;
  readonly outcomes: readonly {
    readonly channels: number;
    readonly median: number;
    readonly worstTenth: number;
  }[];
}

interface DefaultModelResults {
  readonly metrics: Readonly<Record<string, number>>;
  readonly classes: readonly {
    readonly name: string;
    readonly truths: number;
    readonly AP: number;
    readonly AP50: number;
    readonly AR100: number;
  }[];
  readonly sizes: Readonly<Record<string, number>>;
}

/** The model's card: its figures, and what of `detectors` is of its network. */
function defaultModelTable(): string {
  const { metrics, classes, sizes } = results<DefaultModelResults>('default-model');
  const { machine, side, detectors } = results<DetectorsResults>('detectors');
  const { macs, memoryAccess, ms } = detectors.find(({ name }) => name === 'micro-yolo')!;
  const figure = (value: number) => value.toFixed(3);
  const rows = classes.map(
    ({ name, truths, AP, AP50, AR100 }) =>
      `| ${name} | ${truths} | ${figure(AP)} | ${figure(AP50)} | ${figure(AR100)} |`,
  );
  const { AP, AP50, AP75, APsmall, APmedium, APlarge, AR1, AR10, AR100, ARsmall, ARmedium, ARlarge } =
    metrics as Record<string, number> & typeof metrics;
  const bold = (value: number) => `**${figure(value)}**`;
  return [
    '| of all, IoU 0.50–0.95 | 0.50 | 0.75 | small | medium | large |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    `| AP ${bold(AP!)} | ${bold(AP50!)} | ${figure(AP75!)} | ${figure(APsmall!)} | ${figure(APmedium!)} | ${figure(APlarge!)} |`,
    '',
    '| of all, most detections an image | 1 | 10 | 100 | small | medium | large |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    `| AR | ${[AR1, AR10, AR100, ARsmall, ARmedium, ARlarge].map((value) => figure(value!)).join(' | ')} |`,
    '',
    '| the most frequent classes | objects | AP | AP50 | AR100 |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `| an image of ${side} px | |`,
    '| --- | ---: |',
    `| multiply-accumulates | ${millions(macs)} |`,
    `| memory access | ${millions(memoryAccess)} values |`,
    `| the network's time (${machine.cpu}) | ${ms.toFixed(1)} ms |`,
    ...Object.entries(sizes).map(([format, bytes]) => `| ${format} | ${(bytes / 1e6).toFixed(2)} MB |`),
  ].join('\n');
}

const millions = (value: number) => `${(value / 1e6).toFixed(2)} M`;

function detectorsTable(): string {
  const { machine, side, detectors } = results<DetectorsResults>('detectors');
  const rows = detectors.map(
    ({ name, parameters, macs, memoryAccess, activationMemory, ms }) =>
      `| \`${name}\` | ${millions(parameters)} | ${millions(macs)} | ${millions(memoryAccess)} | ${millions(activationMemory)} | ${ms.toFixed(1)} ms |`,
  );
  return [
    `| 80 classes, ${side} px | parameters | multiply-accumulates | memory access | activation memory | time (${machine.cpu}) |`,
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    'The network alone, one image; medians of alternating rounds: `scripts/benchmarks/detectors.ts`.',
  ].join('\n');
}

function guidelinesTable(): string {
  const { machine, results: found } = results<GuidelinesResults>('guidelines');
  const rows = found.map(
    ({ guideline, name, macs, memoryAccess, ratio }) =>
      `| ${guideline} | ${name} | ${millions(macs)} | ${millions(memoryAccess)} | ${ratio.toFixed(2)} × |`,
  );
  return [
    `| guideline | stack | multiply-accumulates | memory access | time of the first (${machine.cpu}) |`,
    '| --- | --- | ---: | ---: | ---: |',
    ...rows,
    '',
    'Ten blocks of 56×56 maps on ONNX Runtime; medians of alternating rounds: `scripts/benchmarks/guidelines.ts`.',
  ].join('\n');
}

function spiralTable(): string {
  const { seeds, outcomes } = results<SpiralResults>('spiral');
  const percent = (value: number) => `${(100 * value).toFixed(0)} %`;
  const row = (title: string, cells: readonly string[]) => `| ${title} | ${cells.join(' | ')} |`;
  return [
    row(
      'channels',
      outcomes.map(({ channels }) => String(channels)),
    ),
    `| --- | ${outcomes.map(() => '---:').join(' | ')} |`,
    row(
      'lost, median',
      outcomes.map(({ median }) => percent(median)),
    ),
    row(
      'lost, worst tenth',
      outcomes.map(({ worstTenth }) => percent(worstTenth)),
    ),
    '',
    `Of the variance of a spiral in the plane, ${seeds} random matrices: \`scripts/experiments/spiral.ts\`.`,
  ].join('\n');
}

function assignersTable(): string {
  const { machine, side, batch, steps, seeds, assigners } = results<AssignersResults>('assigners');
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const rows = assigners.map(
    ({ name, recall, cells, AP, AP50, ms }) =>
      `| ${name} | ${percent(recall)} | ${cells.toFixed(1)} | ${percent(AP50)} | ${percent(AP)} | ${ms.toFixed(0)} ms |`,
  );
  return [
    `| assigner | objects that get a cell | cells an object | AP50 | AP | step (${machine.cpu}) |`,
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `One small detector of one class on drawn shapes at ${side} px, ${steps} steps of ${batch} images, means of ${seeds} seeds:`,
    'far from trained, and each with the targets its paper gives it: `scripts/benchmarks/training/assigners.ts`.',
  ].join('\n');
}

function trainingTable(): string {
  const { machine, batch, side, networks } = results<TrainingResults>('training');
  const rows = networks.flatMap(({ name, contenders }) =>
    contenders.map(
      (contender) =>
        `| ${name} | ${contender.name} | ${contender.ms.toFixed(0)} ms | ${((1000 * batch) / contender.ms).toFixed(1)} | ${contender.ratio.toFixed(2)} × |`,
    ),
  );
  return [
    `| a training step, batch ${batch} at ${side} px | | time (${machine.cpu}) | images/s | speed against PyTorch |`,
    '| --- | --- | ---: | ---: | ---: |',
    ...rows,
    '',
    'Loss, clipping, Nesterov momentum and moving average included; medians of alternating runs, losses compared',
    'first: `scripts/benchmarks/training/training.ts`.',
  ].join('\n');
}

function detectTable(): string {
  const { machine, photos } = results<DetectResults>('detect');
  const rows = photos.flatMap(({ photo, contenders }) =>
    contenders.map(
      ({ name, ms, ratio }) => `| ${photo} | ${name} | ${ms.toFixed(1)} ms | ${ratio.toFixed(2)} × |`,
    ),
  );
  return [
    `| MobileNetV2-YOLOv3-Nano, from file to boxes | | time (${machine.cpu}) | speed against OpenCV |`,
    '| --- | --- | ---: | ---: |',
    ...rows,
    '',
    'Medians of alternating runs, answers compared first: `scripts/benchmarks/detect.ts`. "bilinear" gives the',
    'pixels OpenCV gives and is what Darknet models expect; "area" is antialiased and decodes large photos at a',
    'fraction of their size.',
  ].join('\n');
}

function networksTable(): string {
  const { networks } = results<NetworkResults>('network');
  const rows = (['micro-yolo', 'yolov3-tiny'] as const).map((name) => {
    const { parameters, macs } = networkCost(buildDetector(name));
    const { ms, ratio } = networks.find((network) => network.name === name)!;
    const [millions, giga] = [(parameters.trainable / 1e6).toFixed(2), (macs / 1e9).toFixed(2)];
    return `| ${name} | ${millions} M | ${giga} G | ${ms.toFixed(1)} ms | ${ratio.toFixed(2)} |`;
  });
  return [
    "| 80 classes, 416 px | parameters | multiply-accumulates | time | of PyTorch's ONNX export |",
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    'The same machine; batch norms folded in both, one ONNX Runtime: `scripts/benchmarks/network.ts`.',
  ].join('\n');
}

function evaluateTable(): string {
  const { machine, contenders } = results<EvaluateResults>('evaluate');
  const own = contenders.find(({ name }) => name === 'ours')!;
  const rows = contenders.map(
    ({ name, seconds, peak }) =>
      `| ${name} | ${seconds.toFixed(2)} s | ${(seconds / own.seconds).toFixed(1)} × | ${peak.toFixed(0)} MiB |`,
  );
  return [
    `| 5,000 images, 36,000 boxes, 300,000 detections | time (${machine.cpu}) | of ours | memory at most |`,
    '| --- | ---: | ---: | ---: |',
    ...rows,
    '',
    'Reading both files included; the twelve numbers agree to 1e-9: `scripts/benchmarks/evaluate.ts`.',
  ].join('\n');
}

const tables: Readonly<Record<string, () => string>> = {
  detect: detectTable,
  networks: networksTable,
  evaluate: evaluateTable,
  training: trainingTable,
  assigners: assignersTable,
  detectors: detectorsTable,
  guidelines: guidelinesTable,
  spiral: spiralTable,
  'default-model': defaultModelTable,
};

/** Pages with tables. */
export const PAGES = [
  'README.md',
  'docs/evaluation.md',
  'docs/networks.md',
  'docs/training-engine.md',
  'docs/training.md',
  'models/micro-yolo-coco.md',
] as const;

export function readPage(page: string): string {
  return readFileSync(root(page), 'utf8');
}

/** A page with its tables written anew. */
export function renderTables(page: string): string {
  return page.replace(
    /(<!-- table:([\w-]+) -->\n)[\s\S]*?(<!-- \/table:\2 -->)/g,
    (_, open: string, name: string, close: string) => `${open}${tables[name]!()}\n${close}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const page of PAGES) writeFileSync(root(page), renderTables(readPage(page)));
}
