import { type DetectorsResults, type Machine, millions, results } from './results.ts';

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

interface CifarResults {
  readonly epochs: number;
  readonly networks: readonly {
    readonly name: string;
    readonly model: string;
    readonly parameters: number;
    readonly macs: number;
    readonly seeds: number;
    readonly top1: number;
    readonly spread: number;
  }[];
}

export function detectorsTable(): string {
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
    'Times are for the network alone and one image, medians of alternating rounds: `scripts/benchmarks/detectors.ts`.',
  ].join('\n');
}

export function guidelinesTable(): string {
  const { machine, results: found } = results<GuidelinesResults>('guidelines');
  const rows = found.map(
    ({ guideline, name, macs, memoryAccess, ratio }) =>
      `| ${guideline} | ${name} | ${millions(macs)} | ${millions(memoryAccess)} | ${ratio.toFixed(2)} × |`,
  );
  return [
    `| guideline | stack | multiply-accumulates | memory access | time relative to the first (${machine.cpu}) |`,
    '| --- | --- | ---: | ---: | ---: |',
    ...rows,
    '',
    'Each stack has ten blocks on 56×56 feature maps, and runs in ONNX Runtime. Times are medians of alternating rounds: `scripts/benchmarks/network/guidelines.ts`.',
  ].join('\n');
}

export function spiralTable(): string {
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
    `The table shows which share of a plane spiral's variance is lost, over ${seeds} random matrices: \`scripts/experiments/spiral.ts\`.`,
  ].join('\n');
}

export function cifarTable(): string {
  const { epochs, networks } = results<CifarResults>('cifar');
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const rows = networks.map(
    ({ model, parameters, macs, top1, spread }) =>
      `| \`${model}\` | ${millions(parameters)} | ${millions(macs)} | ${percent(top1)} | ${percent(spread)} |`,
  );
  return [
    '| CIFAR-10, 32×32 | parameters | multiply-accumulates | top-1 | difference between best and worst seed |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `Each network was trained for ${epochs} epochs of 10,000 images. Top-1 is the mean of ${networks[0]!.seeds} seeds on 2,000 test images: \`scripts/experiments/cifar.ts\`.`,
  ].join('\n');
}
