import { type Machine, results } from './results.ts';

interface EvaluateResults extends Machine {
  readonly contenders: readonly { readonly name: string; readonly seconds: number; readonly peak: number }[];
}

export function evaluateTable(): string {
  const { machine, contenders } = results<EvaluateResults>('evaluate');
  const own = contenders.find(({ name }) => name === 'ours')!;
  const rows = contenders.map(
    ({ name, seconds, peak }) =>
      `| ${name} | ${seconds.toFixed(2)} s | ${(seconds / own.seconds).toFixed(1)} × | ${peak.toFixed(0)} MiB |`,
  );
  return [
    `| 5,000 images, 36,000 boxes, 300,000 detections | time (${machine.cpu}) | time relative to ours | peak memory |`,
    '| --- | ---: | ---: | ---: |',
    ...rows,
    '',
    'Times include reading both files. The twelve metrics agree to 1e-9: `scripts/benchmarks/evaluate.ts`.',
  ].join('\n');
}
