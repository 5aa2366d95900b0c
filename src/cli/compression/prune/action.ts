import { z } from 'zod';
import { PRUNE_DEFAULTS, PRUNE_OPTIONS } from '../../../options/prune.ts';
import {
  type PruneEvent,
  type PruneLine,
  type PruneOptions,
  type PruneReport,
  pruneDetector,
} from '../../../tasks/prune/prune-detector.ts';
import { zeroWeights } from '../../../tasks/prune/zero-weights.ts';
import { mergeSettings, parseSetting } from '../../../tasks/train/settings-file.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { readFlags } from '../../flags/read-table.ts';
import { continueText } from '../../terminal/interrupted.ts';
import { EXIT } from '../../terminal/report.ts';
import { StatusLine } from '../../terminal/status-line.ts';
import { stopSignal } from '../../terminal/stop-signal.ts';

const OWN = {
  set: z.array(z.string().regex(/^[\w.]+=/, 'expected name=value, such as batch=16')).default([]),
  json: z.boolean().default(false),
};

function figures({ parameters, macs, ms, AP50 }: PruneLine): string {
  const cost = `${(parameters / 1e6).toFixed(3)} M parameters, ${(macs / 1e9).toFixed(3)} G MACs, ${ms.toFixed(2)} ms`;
  return `${cost}, AP50 ${(100 * AP50).toFixed(2)} %`;
}

const outcome = ({ accepted, pass }: Extract<PruneLine, { readonly type: 'trial' }>) =>
  pass === 'netadapt' ? 'tried' : accepted ? 'kept' : 'undone';

/** Text for a journal line. */
function describe(line: PruneLine): string {
  switch (line.type) {
    case 'start':
      return `start: ${figures(line)}`;
    case 'trial':
      return `${outcome(line)} ${line.group} ${line.from} → ${line.to} (${line.pass}): ${figures(line)}`;
    case 'round':
      return `round ${line.round}: ${line.group} is kept: ${figures(line)}`;
    case 'end':
      return `${line.end === 'tuned' ? 'fine-tuned' : 'trained from scratch'}: ${figures(line)}`;
    case 'done':
      return `done: ${figures(line)}`;
  }
}

/** Shows the progress of pruning on stderr: each journal line, and the current training on a terminal's status line. */
class PruneView implements Disposable {
  readonly #status = new StatusLine();

  show(event: PruneEvent): void {
    if (event.type === 'line') this.#status.print(describe(event.line));
    else if (event.type === 'note') this.note(event.message);
    else if (event.type === 'block') this.#status.print(`widths are multiples of ${event.block} channels`);
    else if (event.event.type === 'step') {
      const { epoch, step, progress } = event.event;
      this.#status.update([`training: epoch ${epoch}, step ${step}, ${(100 * progress).toFixed(0)} %`]);
    } else if (event.event.type === 'checkpoint-failed') this.note(event.event.message);
  }

  note(message: string): void {
    this.#status.print(inFlags(message));
  }

  [Symbol.dispose](): void {
    this.#status.end();
  }
}

function printReport({ reason, lines, model, folder }: PruneReport): void {
  if (reason === 'interrupted') {
    console.log(continueText());
    return;
  }
  const [start, end] = [lines.find(({ type }) => type === 'start')!, lines.at(-1)!];
  const left = (name: 'parameters' | 'macs' | 'ms') => `${((100 * end[name]) / start[name]).toFixed(1)} %`;
  console.log(
    `left: ${left('parameters')} of the parameters, ${left('macs')} of the MACs, ${left('ms')} of the time`,
  );
  console.log(`AP50 ${(100 * start.AP50).toFixed(2)} → ${(100 * end.AP50).toFixed(2)} %`);
  console.log(`${model}; journal and chart in ${folder}`);
}

async function runZero(options: Parameters<typeof zeroWeights>[0], json: boolean): Promise<number> {
  const report = await zeroWeights(options);
  if (json) console.log(JSON.stringify(report, null, 2));
  else {
    const { AP50, milliseconds, share, model } = report;
    const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
    console.log(`${percent(share)} of the weights of kernels are 0: AP50 ${AP50.map(percent).join(' → ')}`);
    console.log(
      `${milliseconds.map((ms) => ms.toFixed(2)).join(' → ')} ms: single zeros do not make the network faster`,
    );
    console.log(model);
  }
  return EXIT.done;
}

/** Prunes, shows the progress and prints the outcome. Returns the exit code. */
export async function runPruning(options: Omit<PruneOptions, 'signal'>, json: boolean): Promise<number> {
  using view = new PruneView();
  using stop = stopSignal(() => view.note('saving after this step; press again to stop at once'));
  const report = await pruneDetector({ ...options, signal: stop.signal }, (event) => view.show(event));
  if (json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  return report.reason === 'interrupted' ? stop.exitCode : EXIT.done;
}

/** Runs `prune`. Returns the exit code. */
export async function runPrune(raw: Record<string, unknown>): Promise<number> {
  const { options: given, own } = readFlags<PruneOptions, typeof OWN>(PRUNE_OPTIONS, OWN, raw);
  // The journal records the defaults, so that a later change of a default does not change an existing run.
  const options = { ...PRUNE_DEFAULTS, ...given };
  const { json } = own;
  const settings = own.set.map(parseSetting).reduce(mergeSettings, {});
  if (options.singleWeights !== undefined) return await runZero({ ...options, settings }, json);
  return await runPruning({ ...options, settings }, json);
}
