import * as z from 'zod';
import { DECOMPOSE_OPTIONS } from '../../../options/decompose.ts';
import {
  type DecomposeOptions,
  type DecomposeReport,
  decomposeModel,
} from '../../../tasks/decompose/decompose-model.ts';
import { mergeSettings, parseSetting } from '../../../tasks/train/settings-file.ts';
import { localModel } from '../../flags/local-model.ts';
import { readFlags } from '../../flags/read-table.ts';
import { continueText, reportInterruption } from '../../terminal/interrupted.ts';
import { EXIT } from '../../terminal/report.ts';
import { stopSignal } from '../../terminal/stop-signal.ts';
import { formatTable } from '../../terminal/table.ts';
import { CompressionView } from '../compress/view.ts';

const OWN = {
  set: z.array(z.string().regex(/^[\w.]+=/, 'expected name=value, such as batch=16')).default([]),
  json: z.boolean().default(false),
};

const percent = (value: number) => `${(100 * value).toFixed(2)} %`;

function printReport({ layers, parameters, macs, AP50, path, bytes, block }: DecomposeReport): void {
  const right = (title: string) => ({ title, align: 'right' as const });
  console.log(
    formatTable(
      [{ title: 'layer' }, { title: 'method' }, right('ranks'), right('energy lost')],
      layers.map(({ layer, method, ranks, lost }) => [layer, method, ranks.join(' '), percent(lost)]),
    ),
  );
  const change = ([before, after]: readonly [number, number]) =>
    `${before.toLocaleString('en-US')} → ${after.toLocaleString('en-US')} (${((100 * after) / before).toFixed(1)} %)`;
  console.log(`\nranks are multiples of ${block}`);
  console.log(`parameters ${change(parameters)}`);
  console.log(`multiply-accumulates ${change(macs)}`);
  if (AP50) {
    const { original, decomposed, tuned } = AP50;
    const steps = [original, decomposed, ...(tuned === undefined ? [] : [tuned])];
    console.log(`AP50 ${steps.map(percent).join(' → ')}`);
  }
  console.log(`${path}: ${bytes.toLocaleString('en-US')} bytes`);
}

/** Runs `decompose`. Returns the exit code. */
export async function runDecompose(raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<DecomposeOptions, typeof OWN>(DECOMPOSE_OPTIONS, OWN, raw);
  const settings = own.set.map(parseSetting).reduce(mergeSettings, {});
  using view = new CompressionView();
  using stop = stopSignal(() => view.note('stopping; press again to stop at once'));
  const model = await localModel(options.model);
  let report: DecomposeReport;
  try {
    report = await decomposeModel(
      { ...options, model, settings },
      {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.type === 'training') view.training(event.event);
          else if (event.type === 'note') view.note(event.message);
          else if (event.type === 'layer') view.status(`${event.step} ${event.layer}`);
          else if (event.type === 'tried')
            view.note(`${(100 * event.share).toFixed(0)} % of the cost: AP50 ${percent(event.AP50)}`);
          else view.note(`${event.stage}: AP50 ${percent(event.AP50)}`);
        },
      },
    );
  } catch (error) {
    return reportInterruption(error, stop, { json: own.json, isSaved: options.minutes !== undefined });
  }
  for (const warning of report.warnings) view.note(`warning: ${warning}`);
  view[Symbol.dispose]();
  if (own.json) console.log(JSON.stringify(report, null, 2));
  else if (report.reason === 'interrupted') console.log(continueText());
  else printReport(report);
  return report.reason === 'interrupted' ? stop.exitCode : EXIT.done;
}
