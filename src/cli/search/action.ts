import { z } from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { SEARCH_DEFAULTS, SEARCH_OPTIONS } from '../../options/search.ts';
import { parseTarget } from '../../tasks/prune/options.ts';
import {
  type SearchEvent,
  type SearchLine,
  type SearchOptions,
  searchDetectors,
} from '../../tasks/search/search-detectors.ts';
import { mergeSettings, parseSetting } from '../../tasks/train/settings-file.ts';
import { runPruning } from '../compression/prune/action.ts';
import { numberFlag } from '../flags/read-flags.ts';
import { readFlags } from '../flags/read-table.ts';
import { continueText } from '../terminal/interrupted.ts';
import { EXIT } from '../terminal/report.ts';
import { StatusLine } from '../terminal/status-line.ts';
import { stopSignal } from '../terminal/stop-signal.ts';
import { formatTable } from '../terminal/table.ts';
import { NETADAPT, SEARCH_FLAGS } from './flags.ts';

const OWN = {
  set: z.array(z.string().regex(/^[\w.]+=/, 'expected name=value, such as batch=16')).default([]),
  json: z.boolean().default(false),
};
type Flags = Omit<SearchOptions, 'model' | 'objective' | 'target'> & {
  readonly model?: string | undefined;
  readonly objective: SearchOptions['objective'] | typeof NETADAPT;
  readonly target?: string | undefined;
};

const percent = (value: number) => `${(100 * Math.max(0, value)).toFixed(2)} %`;
const choicesText = ({ choices }: SearchLine) =>
  Object.entries(choices)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** Options that only apply to a search among candidates. */
const OF_CANDIDATES = ['space', 'trials', 'rungs', 'factor', 'jobs'] as const;

/** Number of candidates printed. */
const SHOWN = 10;

function printRanking(ranking: readonly SearchLine[]): void {
  const numbers = ['AP', 'AP50', 'parameters', 'MACs', 'ms'].map((title) => ({
    title,
    align: 'right' as const,
  }));
  const rows = ranking
    .slice(0, SHOWN)
    .map((line) => [
      choicesText(line),
      percent(line.AP),
      percent(line.AP50),
      `${(line.parameters / 1e6).toFixed(2)} M`,
      `${(line.macs / 1e9).toFixed(3)} G`,
      line.ms.toFixed(2),
    ]);
  console.log(formatTable([{ title: 'candidate' }, ...numbers], rows));
}

/** @throws MicroYoloError `invalid-argument` for an option without effect on the objective */
function refuseIdle(options: Flags): void {
  const { objective = SEARCH_DEFAULTS.objective } = options;
  const idle = objective === NETADAPT ? OF_CANDIDATES : objective === 'mnasnet' ? [] : (['target'] as const);
  const name = idle.find((each) => options[each] !== undefined);
  if (name === undefined) return;
  const problem = `${name} with objective ${objective}: has no effect; leave it out`;
  throw new MicroYoloError('invalid-argument', problem, { field: name });
}

/** Runs `search`. Returns the exit code. */
export async function runSearch(raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(SEARCH_FLAGS, OWN, raw);
  const { json } = own;
  const settings = own.set.map(parseSetting).reduce(mergeSettings, {});
  const { objective, target, model = SEARCH_FLAGS.model.default, ...shared } = options;
  refuseIdle(options);
  if (objective === NETADAPT) {
    parseTarget('target', target ?? '50%', 1);
    const { data, size, threads, tables } = shared;
    const { out = SEARCH_DEFAULTS.out, epochs = SEARCH_DEFAULTS.epochs } = shared;
    const { split = SEARCH_DEFAULTS.split, seed = SEARCH_DEFAULTS.seed } = shared;
    const plain = { model, data, out, epochs, split, size, seed, threads, tables, settings };
    return await runPruning(
      { ...plain, netadapt: target ?? '50%', importance: 'l2', scratchEpochs: 0 },
      json,
    );
  }
  const milliseconds =
    target === undefined ? undefined : numberFlag(...SEARCH_OPTIONS.target.range).safeParse(target).data;
  if (target !== undefined && milliseconds === undefined) {
    throw new MicroYoloError('invalid-argument', `--target ${target}: expected milliseconds such as 4.5`);
  }
  const status = new StatusLine();
  using stop = stopSignal(() => status.print('saving after this step; press again to stop at once'));
  const onEvent = (event: SearchEvent) => {
    if (event.type === 'started') {
      const more = event.done > 0 ? `, ${event.done} trials are done` : '';
      status.print(`${event.total} candidates${more}`);
    } else if (event.type === 'item') {
      const { line, done, total } = event;
      status.print(
        `rung ${line.rung + 1}, ${done} of ${total}: ${choicesText(line)}: AP ${percent(line.AP)}, ${line.ms.toFixed(2)} ms`,
      );
    } else if (event.event.type === 'step') {
      const { epoch, progress } = event.event;
      status.update([`training: epoch ${epoch}, ${(100 * progress).toFixed(0)} %`]);
    }
  };
  let report: Awaited<ReturnType<typeof searchDetectors>>;
  try {
    report = await searchDetectors(
      { ...shared, model, objective, target: milliseconds, settings, signal: stop.signal },
      onEvent,
    );
  } finally {
    status.end();
  }
  if (json) console.log(JSON.stringify(report, null, 2));
  else if (report.reason === 'interrupted') {
    console.log(continueText());
  } else {
    printRanking(report.ranking);
    console.log(`\n${report.model}; journal and charts in ${report.folder}`);
  }
  return report.reason === 'interrupted' ? stop.exitCode : EXIT.done;
}
