import { type Machine, millions, results } from './results.ts';

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

export function trainingTable(): string {
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
    'A step includes loss, clipping, Nesterov momentum and moving average. Medians of alternating runs;',
    '`scripts/benchmarks/training/training.ts` first checks that the losses agree.',
  ].join('\n');
}

export function assignersTable(): string {
  const { machine, side, batch, steps, seeds, assigners } = results<AssignersResults>('assigners');
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const rows = assigners.map(
    ({ name, recall, cells, AP, AP50, ms }) =>
      `| ${name} | ${percent(recall)} | ${cells.toFixed(1)} | ${percent(AP50)} | ${percent(AP)} | ${ms.toFixed(0)} ms |`,
  );
  return [
    `| assigner | objects with a cell | cells per object | AP50 | AP | step (${machine.cpu}) |`,
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `A small detector for one class, on drawn shapes at ${side} px: ${steps} steps of ${batch} images, means of ${seeds} seeds. None is fully`,
    'trained, and each uses the targets of its paper: `scripts/benchmarks/training/assigners.ts`.',
  ].join('\n');
}

interface PeerDetectorResults extends Machine {
  readonly minutes: number;
  readonly threads: number;
  readonly size: number;
  readonly ours: { readonly AP: number; readonly AP50: number; readonly epochs: number };
  readonly peer: PeerDetectorResults['ours'] & {
    readonly model: string;
    readonly optimizer: string;
    readonly learningRate: number;
  };
}

/** Accuracy after the same minutes from scratch, here and in the peer. */
export function peerDetectorTable(): string {
  const { machine, minutes, threads, size, ours, peer } = results<PeerDetectorResults>('peer-detector');
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const row = (name: string, { epochs, AP50, AP }: PeerDetectorResults['ours']) =>
    `| ${name} | ${epochs} | ${percent(AP50)} | ${percent(AP)} | ${(AP50 / peer.AP50).toFixed(2)} × |`;
  const name = peer.model.replace('.yaml', '');
  return [
    `| coco-mini, ${size} px, ${minutes} minutes from scratch | epochs | AP50 | AP | AP50 relative to ${name} |`,
    '| --- | ---: | ---: | ---: | ---: |',
    row('`micro-yolo`', ours),
    row(`Ultralytics ${name}, ${peer.optimizer}, learning rate ${peer.learningRate}`, peer),
    '',
    `Both ran at the same time, with ${threads === 1 ? 'one thread' : `${threads} threads`} each (${machine.cpu}): \`scripts/benchmarks/training/peer-detector.ts\`.`,
  ].join('\n');
}

interface ComparisonResults extends Machine {
  readonly legs: readonly { readonly maxMinutes: number }[];
  readonly size: number;
  readonly runs: readonly {
    readonly [model: string]: { readonly epochs: number; readonly AP50: number; readonly lateRise: number };
  }[];
  readonly means: readonly {
    readonly data: string;
    readonly model: string;
    readonly parameters: number;
    readonly macs: number;
    readonly AP50: number;
    readonly AP: number;
  }[];
}

/** Results of scripts/experiments/comparison.ts, one file per data set. */
const COMPARISONS = ['comparison-cells', 'comparison-ten'] as const;

export function comparisonTable(): string {
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const rows = COMPARISONS.flatMap((name) => {
    const { legs, size, runs, means } = results<ComparisonResults>(name);
    const minutes = legs.reduce((sum, { maxMinutes }) => sum + maxMinutes, 0);
    return means.map(({ data, model, parameters, macs, AP50, AP }) => {
      const own = runs.map((run) => run[model]!);
      const epochs = own.reduce((sum, run) => sum + run.epochs, 0) / own.length;
      const seeds = own.length > 1 ? ` (${own.map((run) => percent(run.AP50)).join(', ')})` : '';
      return `| ${data}, ${size} px, ${minutes} minutes | \`${model}\` | ${millions(parameters)} | ${millions(macs)} | ${epochs.toFixed(0)} | ${percent(AP50)}${seeds} | ${percent(AP)} |`;
    });
  });
  return [
    '| data | network | parameters | multiply-accumulates | epochs | AP50 (by seed) | AP |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    'Both ran at the same time, on one core each, with the same recipe: `scripts/experiments/comparison.ts`.',
  ].join('\n');
}
