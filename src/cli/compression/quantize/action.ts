import * as z from 'zod';
import { printable } from '../../../foundation/errors/errors.ts';
import { QUANTIZE_OPTIONS, type QuantizeOptions } from '../../../options/quantize.ts';
import {
  type QuantizedLayer,
  type QuantizeReport,
  quantizeModel,
} from '../../../tasks/quantize/quantize-model.ts';
import { mergeSettings, parseSetting } from '../../../tasks/train/settings-file.ts';
import { localModel } from '../../flags/local-model.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { readFlags } from '../../flags/read-table.ts';
import { reportInterruption } from '../../terminal/interrupted.ts';
import { EXIT } from '../../terminal/report.ts';
import { stopSignal } from '../../terminal/stop-signal.ts';
import { formatTable } from '../../terminal/table.ts';
import { QuantizeView } from './view.ts';

const OWN = {
  biasCorrection: z.boolean(),
  equalize: z.boolean(),
  set: z.array(z.string().regex(/^[\w.]+=/, 'expected name=value, such as batch=16')).default([]),
  json: z.boolean().default(false),
};
const ms = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(3));
const percent = (value: number) => `${(100 * value).toFixed(2)} %`;

function rowOf(layer: QuantizedLayer): readonly string[] {
  const { name, kind, inChannels, outChannels, milliseconds, damage, precision, reason, misfit } = layer;
  return [
    printable(name),
    `${kind} ${inChannels} → ${outChannels}`,
    ms(milliseconds?.float32),
    ms(milliseconds?.int8),
    damage === undefined ? '–' : damage.toExponential(1),
    precision === 'int8' ? '8 bits' : 'float',
    [reason, misfit].filter(Boolean).join('; '),
  ];
}

function printTrainings({ finetuning, swap }: QuantizeReport): void {
  if (finetuning) {
    const { minutes, AP50, kept } = finetuning;
    const outcome = kept ? 'the trained weights are kept' : 'the original weights are kept';
    console.log(
      `${minutes} minutes of training in 8 bits: AP50 ${percent(AP50.before)} → ${percent(AP50.after)}; ${outcome}`,
    );
  }
  if (swap) {
    const { from, to, milliseconds, AP50, kept, reason } = swap;
    const times = `${milliseconds.before.toFixed(2)} → ${milliseconds.after.toFixed(2)} ms`;
    const accuracy = AP50 ? `, AP50 ${percent(AP50.before)} → ${percent(AP50.after)}` : '';
    const outcome = kept ? 'kept' : `not kept: ${inFlags(reason ?? '')}`;
    console.log(`${to} for ${from.join(', ')}: ${times}${accuracy}; ${outcome}`);
  }
}

function printReport(report: QuantizeReport): void {
  const { path, bytes, layers, milliseconds, AP50 } = report;
  if (layers.length > 0) {
    const right = (title: string) => ({ title, align: 'right' as const });
    const columns = [
      { title: 'layer' },
      { title: 'channels' },
      ...['float ms', '8-bit ms', 'error'].map(right),
      { title: 'precision' },
      { title: '' },
    ];
    console.log(`${formatTable(columns, layers.map(rowOf))}\n`);
  }
  printTrainings(report);
  if (milliseconds) {
    const { float32, int8 } = milliseconds;
    const times = (float32 / int8).toFixed(2);
    console.log(`network ${float32.toFixed(2)} → ${int8.toFixed(2)} ms on this machine, ${times} × as fast`);
  }
  if (AP50) {
    const lost = 100 * (AP50.float32 - AP50.quantized);
    console.log(
      `AP50 ${percent(AP50.float32)} → ${percent(AP50.quantized)}: ${Math.abs(lost).toFixed(2)} points ${lost < 0 ? 'gained' : 'lost'}`,
    );
  }
  const times = (bytes.float32 / bytes.quantized).toFixed(2);
  const count = bytes.quantized.toLocaleString('en-US');
  console.log(`${path}: ${count} bytes, ${times} × smaller than in float`);
}

/** Runs `quantize`. Returns the exit code. */
export async function runQuantize(raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<QuantizeOptions, typeof OWN>(QUANTIZE_OPTIONS, OWN, raw);
  const { json, set, ...switches } = own;
  const settings = set.map(parseSetting).reduce(mergeSettings, {});
  const isTraining = options.finetune !== undefined || options.swapActivations !== undefined;
  using view = new QuantizeView();
  using stop = stopSignal(() =>
    view.print(isTraining ? 'stopping; press again to stop at once' : 'stopping; nothing is written'),
  );
  let report: QuantizeReport;
  try {
    report = await quantizeModel(
      { ...options, ...switches, settings, model: await localModel(options.model) },
      { signal: stop.signal, onEvent: (event) => view.show(event) },
    );
  } catch (error) {
    return reportInterruption(error, stop, { json, isSaved: isTraining });
  }
  view[Symbol.dispose]();
  if (json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  return view.skipped > 0 ? EXIT.skipped : EXIT.done;
}
