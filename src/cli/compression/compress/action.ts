import * as z from 'zod';
import { COMPRESS_OPTIONS } from '../../../options/compress.ts';
import {
  type CompressionStage,
  type CompressOptions,
  type CompressReport,
  compressModel,
} from '../../../tasks/compress/compress-model.ts';
import { mergeSettings, parseSetting } from '../../../tasks/train/settings-file.ts';
import { localModel } from '../../flags/local-model.ts';
import { readFlags } from '../../flags/read-table.ts';
import { continueText, reportInterruption } from '../../terminal/interrupted.ts';
import { EXIT } from '../../terminal/report.ts';
import { stopSignal } from '../../terminal/stop-signal.ts';
import { formatTable } from '../../terminal/table.ts';
import { CompressionView } from './view.ts';

const OWN = {
  set: z.array(z.string().regex(/^[\w.]+=/, 'expected name=value, such as batch=16')).default([]),
  json: z.boolean().default(false),
};

/** Display names of the stages. */
const NAMES: Readonly<Record<CompressionStage['stage'], string>> = {
  original: 'float32',
  pruned: 'small weights removed',
  retrained: 'remaining weights trained',
  shared: 'values shared',
  shifted: 'integers in blocks',
  tuned: 'fine-tuned',
  coded: 'Huffman-coded',
};

function printReport({ path, bytes, stages }: CompressReport): void {
  const right = (title: string) => ({ title, align: 'right' as const });
  const percent = (value: number | undefined) => (value === undefined ? '' : `${(100 * value).toFixed(2)} %`);
  const isMeasured = stages.some(({ AP50 }) => AP50 !== undefined);
  const rows = stages.map(({ stage, bytes: size, error, AP50 }) => [
    NAMES[stage],
    Math.round(size).toLocaleString('en-US'),
    (stages[0]!.bytes / size).toFixed(2),
    percent(error),
    ...(isMeasured ? [percent(AP50)] : []),
  ]);
  const titles = [
    right('bytes'),
    right('times smaller'),
    right('energy lost'),
    ...(isMeasured ? [right('AP50')] : []),
  ];
  console.log(formatTable([{ title: 'weights' }, ...titles], rows));
  console.log(`\n${path}: ${bytes.toLocaleString('en-US')} bytes`);
}

/** Runs `compress`. Returns the exit code. */
export async function runCompress(raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<CompressOptions, typeof OWN>(COMPRESS_OPTIONS, OWN, raw);
  const settings = own.set.map(parseSetting).reduce(mergeSettings, {});
  using view = new CompressionView();
  using stop = stopSignal(() => view.note('stopping; press again to stop at once'));
  const model = await localModel(options.model);
  let report: CompressReport;
  try {
    report = await compressModel(
      { ...options, model, settings },
      {
        signal: stop.signal,
        onEvent: (event) => {
          if (event.type === 'training') view.training(event.event);
          else view.status(NAMES[event.stage.stage]);
        },
      },
    );
  } catch (error) {
    return reportInterruption(error, stop, { json: own.json, isSaved: options.minutes !== undefined });
  }
  view[Symbol.dispose]();
  for (const warning of report.warnings) console.error(`warning: ${warning}`);
  if (own.json) console.log(JSON.stringify(report, null, 2));
  else if (report.reason === 'interrupted') console.log(continueText());
  else printReport(report);
  return report.reason === 'interrupted' ? stop.exitCode : EXIT.done;
}
