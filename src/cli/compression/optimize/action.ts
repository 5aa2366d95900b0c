import * as z from 'zod';
import { OPTIMIZE_OPTIONS } from '../../../options/optimize.ts';
import {
  type OptimizeEvent,
  type OptimizeOptions,
  type OptimizeOutcome,
  type OptimizeReport,
  optimizeDetector,
} from '../../../tasks/optimize/optimize-detector.ts';
import { mergeSettings, parseSetting } from '../../../tasks/train/settings-file.ts';
import { localModel } from '../../flags/local-model.ts';
import { readFlags } from '../../flags/read-table.ts';
import { continueText } from '../../terminal/interrupted.ts';
import { EXIT } from '../../terminal/report.ts';
import { stopSignal } from '../../terminal/stop-signal.ts';
import { formatTable } from '../../terminal/table.ts';
import { CompressionView } from '../compress/view.ts';
import { describeLine, WHY } from './describe.ts';

const OWN = {
  set: z.array(z.string().regex(/^[\w.]+=/, 'expected name=value, such as batch=16')).default([]),
  json: z.boolean().default(false),
};

const percent = (value: number) => `${(100 * value).toFixed(2)} %`;

function show(view: CompressionView, event: OptimizeEvent): void {
  if (event.type === 'training') {
    // Every training run starts with the same notes.
    if (event.event.type !== 'note') view.training(event.event);
  } else if (event.type === 'progress') view.status(`${event.stage} ${event.done}/${event.steps}`);
  else if (event.type === 'note') view.note(`note: ${event.message}`);
  else {
    const text = describeLine(event.line);
    if (text !== undefined) view.note(text);
  }
}

function printFiles({ lines }: OptimizeReport, { copied }: OptimizeOutcome): void {
  const right = (title: string) => ({ title, align: 'right' as const });
  const rows = lines.flatMap((line) => {
    if (line.type !== 'start' && line.type !== 'file') return [];
    const [file, speedup] =
      line.type === 'start' ? ['models/start.safetensors', 1] : [line.model, line.speedup];
    const remark =
      line.type === 'start' ? '' : line.model === copied ? 'best' : line.within ? '' : 'loses too much';
    return [
      [
        ...[file, line.ms.toFixed(2), speedup.toFixed(2), `${(line.bytes / 1e6).toFixed(2)} MB`],
        ...[percent(line.AP), percent(line.AP50), remark],
      ],
    ];
  });
  const numbers = ['ms', '× as fast', 'file', 'AP', 'AP50'].map(right);
  console.log(formatTable([{ title: 'model' }, ...numbers, { title: '' }], rows));
}

function printReport(report: OptimizeReport, best: OptimizeOutcome, ms: string | undefined): void {
  const { folder, model } = report;
  printFiles(report, best);
  const start = report.lines.find((line) => line.type === 'start')!;
  const lost = 100 * (start.AP50 - best.AP50);
  const change = `${Math.abs(lost).toFixed(2)} points of AP50 ${lost < 0 ? 'gained' : 'lost'}`;
  const speed = best.speedup > 1 ? `${best.speedup.toFixed(2)} × as fast` : 'no faster';
  console.log(`\n${model}: ${best.ms.toFixed(2)} ms, ${speed}, ${change}; chart and journal in ${folder}`);
  if (best.reached) return;
  console.log(
    `--ms ${ms} was not reached: ${WHY[best.why]}. The best within the tolerance takes ${best.ms.toFixed(2)} ms.`,
  );
}

/** Runs `optimize`. Returns the exit code. */
export async function runOptimize(raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<OptimizeOptions, typeof OWN>(OPTIMIZE_OPTIONS, OWN, raw);
  const settings = own.set.map(parseSetting).reduce(mergeSettings, {});
  using view = new CompressionView();
  using stop = stopSignal(() => view.note('saving after this step; press again to stop at once'));
  const model = await localModel(options.model);
  const report = await optimizeDetector(
    { ...options, model, settings },
    { signal: stop.signal, onEvent: (event) => show(view, event) },
  );
  view[Symbol.dispose]();
  const { best } = report;
  if (own.json) console.log(JSON.stringify(report, null, 2));
  else if (best) printReport(report, best, options.ms as string | undefined);
  else console.log(continueText());
  if (!best) return stop.exitCode;
  return best.reached ? EXIT.done : EXIT.failed;
}
