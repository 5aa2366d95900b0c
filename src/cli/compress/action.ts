import * as z from 'zod';
import {
  type CompressionStage,
  type CompressReport,
  compressModel,
} from '../../tasks/compress/compress-model.ts';
import { COMPRESS_METHODS, DEPTHWISE_SHIFTS, INITIALIZATIONS } from '../../tasks/compress/names.ts';
import { mergeSettings, parseSetting } from '../../tasks/train/settings-file.ts';
import { localModel } from '../flags/local-model.ts';
import { integerFlag, numberFlag, parseFlags, sizeFlag } from '../flags/read-flags.ts';
import { EXIT } from '../terminal/report.ts';
import { stopSignal } from '../terminal/stop-signal.ts';
import { formatTable } from '../terminal/table.ts';
import { CompressionView } from './view.ts';

const flags = z.strictObject({
  model: z.string(),
  weights: z.string().optional(),
  method: z.enum(COMPRESS_METHODS, `expected ${COMPRESS_METHODS.join(' or ')}`).optional(),
  centers: integerFlag(2, 4096).optional(),
  sparsity: numberFlag(0, 0.99).optional(),
  initialization: z.enum(INITIALIZATIONS, `expected ${INITIALIZATIONS.join(', ')}`).optional(),
  bits: integerFlag(2, 8).optional(),
  block: integerFlag(1, 65_536).optional(),
  depthwise: z.enum(DEPTHWISE_SHIFTS, `expected ${DEPTHWISE_SHIFTS.join(' or ')}`).optional(),
  data: z.string().optional(),
  split: z.string().optional(),
  maxDrop: numberFlag(0, 100).optional(),
  minutes: numberFlag(0, 100_000).optional(),
  size: sizeFlag.optional(),
  seed: integerFlag(0, 2 ** 31 - 1).optional(),
  threads: integerFlag(1, 1024).optional(),
  set: z.array(z.string().regex(/^[\w.]+=/, 'expected name=value, such as batch=16')).default([]),
  out: z.string().optional(),
  json: z.boolean().default(false),
});

/** Stages as people read them. */
const NAMES: Readonly<Record<CompressionStage['stage'], string>> = {
  original: 'float32',
  pruned: 'without zeros',
  retrained: 'trained, zeros stay',
  shared: 'numbers shared',
  shifted: 'integers in blocks',
  tuned: 'trained on',
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
  const { json, set, ...options } = parseFlags(flags, raw);
  const settings = set.map(parseSetting).reduce(mergeSettings, {});
  using view = new CompressionView();
  using stop = stopSignal(() => view.note('stopping; once more ends at once'));
  const model = await localModel(options.model);
  const report = await compressModel(
    { ...options, model, settings },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'training') view.training(event.event);
        else view.status(NAMES[event.stage.stage]);
      },
    },
  );
  view[Symbol.dispose]();
  for (const warning of report.warnings) console.error(`warning: ${warning}`);
  if (json) console.log(JSON.stringify(report, null, 2));
  else if (report.reason === 'interrupted') {
    console.log(`interrupted; continue with: micro-yolo ${process.argv.slice(2).join(' ')}`);
  } else printReport(report);
  return report.reason === 'interrupted' ? stop.exitCode : EXIT.done;
}
