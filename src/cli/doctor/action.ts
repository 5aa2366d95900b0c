import * as z from 'zod';
import { printable } from '../../foundation/errors/errors.ts';
import { type DiagnosedRuntime, type Diagnosis, diagnose, gpuRuntimes } from '../../tasks/doctor/diagnose.ts';
import { RUNTIMES } from '../../tasks/engine-names.ts';
import { benchmarkCommand } from '../benchmark/command.ts';
import { inFlags } from '../flags/option-flags.ts';
import { parseFlags } from '../flags/read-flags.ts';
import { Progress } from '../terminal/progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const flags = z.strictObject({
  requireGpu: z.boolean().default(false),
  json: z.boolean().default(false),
});

function row({ runtime, device, gflops, ...rest }: DiagnosedRuntime): readonly string[] {
  const libraries =
    rest.missingLibraries.length > 0 ? `; not found: ${rest.missingLibraries.join(', ')}` : '';
  if (!device || gflops === undefined) return [runtime, '–', '–', `${rest.problem}${libraries}`];
  const kind = device.kind === 'gpu' ? 'GPU' : 'CPU';
  const name = device.name === kind ? kind : `${kind}: ${device.name}`;
  return [runtime, name, gflops.toFixed(gflops < 10 ? 1 : 0), `${rest.package}${libraries}`];
}

function printDiagnosis({ machine, runtimes, detection, training, drawing }: Diagnosis): void {
  const gpus = machine.nvidia.length > 0 ? machine.nvidia.join('; ') : 'no NVIDIA GPU';
  console.log(printable(`${machine.platform}, Node ${machine.node}, ${gpus}`));
  console.log('');
  const columns = [
    { title: 'runtime' },
    { title: 'computes on' },
    { title: 'GFLOP/s', align: 'right' as const },
    { title: '' },
  ];
  console.log(formatTable(columns, runtimes.map(row)));
  console.log('');
  for (const [purpose, taken] of [
    ['detection', detection],
    ['training', training],
  ] as const) {
    console.log(
      inFlags(`${purpose}: ${taken.name} on ${taken.device}; ${taken.because}`, benchmarkCommand()),
    );
  }
  console.log(`drawing: ${drawing.name}`);
  const remedies = [
    ...runtimes.map(({ runtime, remedy }) => [runtime, remedy] as const),
    ['node-canvas', drawing.remedy] as const,
  ].filter(([, remedy]) => remedy !== undefined);
  if (remedies.length === 0) return;
  console.log('\nHow to fix the rest:');
  for (const [name, remedy] of remedies) console.log(`  ${name}: ${remedy}`);
}

/** Runs `doctor`. Returns the exit code. */
export async function runDoctor(raw: Record<string, unknown>): Promise<number> {
  const { requireGpu, json } = parseFlags(flags, raw);
  const progress = new Progress('runtimes');
  progress.start(RUNTIMES.length);
  let diagnosis: Diagnosis;
  try {
    diagnosis = await diagnose(() => progress.step());
  } finally {
    progress.stop();
  }
  if (json) console.log(JSON.stringify(diagnosis, null, 2));
  else printDiagnosis(diagnosis);
  if (!requireGpu || gpuRuntimes(diagnosis).length > 0) return EXIT.done;
  const remedy = diagnosis.runtimes.find((runtime) => runtime.runtime !== 'onnx' && runtime.remedy)?.remedy;
  console.error(
    `error: --require-gpu: nothing computes on a GPU here; ${remedy === undefined ? 'this machine seems to have none' : `try: ${remedy}`}`,
  );
  return EXIT.failed;
}
