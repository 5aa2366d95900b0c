/**
 * Times models in float and in 8 bits alternately, with one thread and with two:
 * `npx tsx scripts/benchmarks/int8.ts float.safetensors int8.safetensors [more …] [--save]`. Quiet machines only: the ratio is what
 * counts. Prints first which instructions the processor multiplies with.
 */
import { compareNetworks } from '../../src/api/models.ts';
import { integerInstructions } from '../../src/executors/onnx/integer-instructions.ts';
import { saveResults } from './results.ts';

const networks = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const { name: instructions } = integerInstructions();
console.log(instructions);
const rows = [];
for (const threads of [1, 2]) {
  const compared = await compareNetworks({ networks, threads, rounds: 30 });
  const first = compared[0]!.milliseconds!;
  for (const { name, milliseconds, bytes } of compared) {
    const times = first / milliseconds!;
    rows.push({ name, threads, milliseconds, timesAsFast: times, bytes });
  }
}
console.table(rows);
saveResults('int8', { instructions, rows });
