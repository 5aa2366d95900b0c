import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { MicroYoloError } from '../../../src/api/index.ts';
import { keptRun } from './kept-run.ts';

type Settings = Parameters<typeof keptRun>[1];

/**
 * Several kept runs at the same time, each with one thread in a separate process, for comparisons at equal minutes: whatever
 * slows the machine down slows all of them.
 * @param settings by the name of the run
 * @returns their folders, in order
 * @throws MicroYoloError if one fails or is interrupted; restart to resume them
 */
export async function keptRunsAtOnce(settings: Readonly<Record<string, Settings>>): Promise<string[]> {
  const names = Object.keys(settings);
  const processes = names.map((name) =>
    fork(fileURLToPath(import.meta.url), [name, JSON.stringify({ ...settings[name], threads: 1 })]),
  );
  const statuses = await Promise.all(processes.map(async (process) => (await once(process, 'exit'))[0]));
  const failed = names.filter((_, index) => statuses[index] !== 0);
  if (failed.length > 0) {
    throw new MicroYoloError(
      'unsupported',
      `${failed.join(', ')}: failed or interrupted; run again to go on`,
    );
  }
  return names.map((name) => `runs/${name}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name, settings] = process.argv.slice(2);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
  await keptRun(name!, JSON.parse(settings!), stop.signal);
}
