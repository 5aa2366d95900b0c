import * as z from 'zod';
import { counted } from '../../foundation/counted.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { SETTING_OPTIONS, TRAIN_OPTIONS } from '../../options/train.ts';
import {
  formatSettings,
  type GivenSettings,
  mergeSettings,
  parseSetting,
} from '../../tasks/train/settings-file.ts';
import { showBatches } from '../../tasks/train/show-batches.ts';
import {
  type TrainOptions,
  type TrainReport,
  trainDetector,
  trainingSettings,
} from '../../tasks/train/train-detector.ts';
import { integerFlag } from '../flags/read-flags.ts';
import { readFlags } from '../flags/read-table.ts';
import { EXIT } from '../terminal/report.ts';
import { stopSignal } from '../terminal/stop-signal.ts';
import { formatFigures, TrainingView } from './view.ts';

const OWN = {
  set: z.array(z.string().regex(/^[\w.]+=/, 'expected name=value, such as loss.gains.box=4')).default([]),
  printConfig: z.boolean().default(false),
  showBatch: z.union([z.literal(true).transform(() => 3), integerFlag(1, 1000)]).optional(),
  json: z.boolean().default(false),
};
type Flags = Omit<TrainOptions, 'settings'> &
  Omit<NonNullable<TrainOptions['settings']>, 'optimizer'> & { readonly learningRate?: number | undefined };

function printOutcome(report: TrainReport): void {
  const { reason, best, model, folder, seconds, epochs, history, task } = report;
  const minutes = (seconds / 60).toFixed(1);
  const end = {
    finished: 'done',
    'no-better': 'ended early: no improvement',
    interrupted: 'interrupted',
  }[reason];
  const curves = history.length > 0 ? `; curves in ${folder}/results.png` : '';
  console.log(`${end} after ${counted(epochs, 'epoch')}, ${minutes} minutes${curves}`);
  if (reason === 'interrupted') {
    console.log(`resume with: micro-yolo train --resume ${folder}`);
    return;
  }
  const row = history.find((past) => past['epoch'] === best?.epoch);
  const figures = best && row ? `best ${formatFigures(row, 2)} (epoch ${best.epoch}); ` : 'not evaluated; ';
  const verb = task === 'classification' ? 'classify' : 'detect';
  console.log(`${figures}${model}; try it: micro-yolo ${verb} photo.jpg --model ${model}`);
}

/** @throws MicroYoloError if flags and `--set` give one length of the run twice, or both lengths */
function refuseTwoEnds(given: GivenSettings, fromSet: GivenSettings): void {
  const flags = { epochs: '--epochs', maxMinutes: '--max-minutes' } as const;
  const ends = (['epochs', 'maxMinutes'] as const).flatMap((name) => [
    ...(given[name] === undefined ? [] : [`${flags[name]} ${String(given[name])}`]),
    // `null` is no limit.
    ...((fromSet[name] ?? null) === null ? [] : [`--set ${name}=${String(fromSet[name])}`]),
  ]);
  const [first, second] = ends;
  if (second === undefined) return;
  throw new MicroYoloError(
    'invalid-argument',
    `${first} with ${second}: only one of them can end a run; leave out the other`,
  );
}

/** Runs `train`. Returns the exit code. */
export async function runTrain(raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>({ ...TRAIN_OPTIONS, ...SETTING_OPTIONS }, OWN, raw);
  const { set, printConfig, showBatch, json } = own;
  const { config, resume, requireGpu, learningRate, ...plain } = options;
  const given: Record<string, unknown> = { ...plain };
  const rate = learningRate === undefined ? {} : { optimizer: { learningRate } };
  const fromSet = set.map(parseSetting).reduce(mergeSettings, {});
  refuseTwoEnds(given, fromSet);
  // --epochs overrides a time limit of the experiment file or of the resumed run.
  if (options.epochs !== undefined && (config !== undefined || resume !== undefined))
    given['maxMinutes'] = null;
  const settings = mergeSettings(mergeSettings(given, rate), fromSet);
  const placed = options.name ?? options.runs;
  if (resume !== undefined && placed !== undefined) {
    const flag = options.name === undefined ? '--runs' : '--name';
    throw new MicroYoloError(
      'invalid-argument',
      `${flag} ${placed} with --resume: the run stays in its folder; leave out ${flag}`,
    );
  }
  if (resume !== undefined && config !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `--config ${config} with --resume: the run keeps its own settings; leave out --config`,
    );
  }
  if (resume !== undefined && (printConfig || showBatch !== undefined)) {
    const flag = printConfig ? '--print-config' : '--show-batch';
    throw new MicroYoloError(
      'invalid-argument',
      `${flag} with --resume: the run's settings are in its experiment.yaml; pass that with --config, without --resume`,
    );
  }
  if (printConfig) {
    const placeholder =
      config === undefined && settings['data'] === undefined ? { data: 'my-data/train.json' } : {};
    process.stdout.write(
      formatSettings(await trainingSettings({ config, settings: { ...placeholder, ...settings } })),
    );
    return EXIT.done;
  }
  if (resume === undefined && config === undefined && settings['data'] === undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      'train: no data; pass --data, an experiment file with --config, or --resume with a run folder',
    );
  }
  if (showBatch !== undefined) {
    for (const path of await showBatches({ config, settings }, showBatch)) console.log(path);
    return EXIT.done;
  }
  const view = new TrainingView();
  using stop = stopSignal(() => view.note('saving after this step; press again to stop at once'));
  let report: TrainReport;
  try {
    report = await trainDetector(
      { config, settings, resume, requireGpu },
      { signal: stop.signal, onEvent: (event) => view.show(event) },
    );
  } finally {
    view.stop();
  }
  if (json) console.log(JSON.stringify(report, null, 2));
  else printOutcome(report);
  return report.reason === 'interrupted' ? stop.exitCode : EXIT.done;
}
