import * as z from 'zod';
import { MicroYoloError, printable } from '../../../foundation/errors/errors.ts';
import { QUANTIZE_OPTIONS, type QuantizeOptions } from '../../../options/quantize.ts';
import {
  type QuantizedLayer,
  type QuantizeEvent,
  type QuantizeReport,
  quantizeModel,
} from '../../../tasks/quantize/quantize-model.ts';
import { localModel } from '../../flags/local-model.ts';
import { inFlags } from '../../flags/option-flags.ts';
import { readFlags } from '../../flags/read-table.ts';
import { EXIT } from '../../terminal/report.ts';
import { drawBar, StatusLine } from '../../terminal/status-line.ts';
import { stopSignal } from '../../terminal/stop-signal.ts';
import { formatTable } from '../../terminal/table.ts';

const OWN = { biasCorrection: z.boolean(), equalize: z.boolean(), json: z.boolean().default(false) };
const BAR = 24;

/** Shows on stderr how far quantizing is. */
class QuantizeView implements Disposable {
  readonly #status = new StatusLine();
  #stage = '';
  #steps = 1;
  #done = 0;
  #skipped = 0;

  get skipped(): number {
    return this.#skipped;
  }

  show(event: QuantizeEvent): void {
    if (event.type === 'note') return this.print(`note: ${event.message}`);
    if (event.type === 'skipped') {
      this.#skipped++;
      return this.print(`skipped: ${event.message}`);
    }
    if (event.type === 'started') {
      this.#stage = event.stage;
      this.#steps = event.steps;
      this.#done = 0;
    } else this.#done++;
    const bar = drawBar(this.#done / this.#steps, BAR);
    this.#status.update([`${this.#stage} ${bar} ${this.#done}/${this.#steps}`]);
  }

  print(message: string): void {
    this.#status.print(inFlags(message));
  }

  [Symbol.dispose](): void {
    this.#status.end();
  }
}

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

function printReport({ path, bytes, layers, milliseconds, AP50 }: QuantizeReport): void {
  if (layers.length > 0) {
    const right = (title: string) => ({ title, align: 'right' as const });
    const columns = [
      { title: 'layer' },
      { title: 'channels' },
      ...['float ms', '8-bit ms', 'error'].map(right),
      { title: 'is in' },
      { title: '' },
    ];
    console.log(`${formatTable(columns, layers.map(rowOf))}\n`);
  }
  if (milliseconds) {
    const { float32, int8 } = milliseconds;
    const times = (float32 / int8).toFixed(2);
    console.log(`network ${float32.toFixed(2)} → ${int8.toFixed(2)} ms on this machine, ${times} × as fast`);
  }
  if (AP50) {
    const lost = 100 * (AP50.float32 - AP50.quantized);
    console.log(
      `AP50 ${percent(AP50.float32)} → ${percent(AP50.quantized)}: ${Math.abs(lost).toFixed(2)} points ${lost < 0 ? 'won' : 'lost'}`,
    );
  }
  const times = (bytes.float32 / bytes.quantized).toFixed(2);
  const count = bytes.quantized.toLocaleString('en-US');
  console.log(`${path}: ${count} bytes, ${times} × smaller than in float`);
}

/** Runs `quantize`. Returns the exit code. */
export async function runQuantize(raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<QuantizeOptions, typeof OWN>(QUANTIZE_OPTIONS, OWN, raw);
  const { json, ...switches } = own;
  using view = new QuantizeView();
  using stop = stopSignal(() => view.print('stopping; nothing is written'));
  let report: QuantizeReport;
  try {
    report = await quantizeModel(
      { ...options, ...switches, model: await localModel(options.model) },
      { signal: stop.signal, onEvent: (event) => view.show(event) },
    );
  } catch (error) {
    if (error instanceof MicroYoloError && error.code === 'interrupted') return stop.exitCode;
    throw error;
  }
  view[Symbol.dispose]();
  if (json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  return view.skipped > 0 ? EXIT.skipped : EXIT.done;
}
