/**
 * Trains the model that `detect` uses if you name no model, from data to the file that ships, in one command:
 * `npx tsx scripts/train-default-model.ts`. You can stop it and start it again: each start continues the last unfinished
 * run by the same options. Each end writes the best model so far in half precision; the last one also measures it.
 *
 *   --data FILE       data set (datasets/coco-mini.yaml)
 *   --photos FOLDER   photographs without labels, repeatable: `--labeler` labels them first, and they join the data set
 *   --labeler MODEL   detector that labels the photographs (.onnx, .safetensors, .cfg)
 *   --teacher MODEL   MobileNetV2-YOLOv3-Nano of Darknet, whose outputs are learned in every step, or none
 *   --weights MODEL   model to start from, or none
 *   --epochs N        length of the run (300)
 *   --set NAME=VALUE  any other setting of `micro-yolo train`, repeatable
 *   --minutes N       length of this leg: then it saves and ends (no limit)
 *   --threads N       CPU threads (all cores)
 *   --name NAME       of the run (default-model)
 *   --out FILE        file of the model (models/micro-yolo-coco.safetensors)
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { evaluateModel, exportModel, MicroYoloError, trainDetector } from '../src/api/index.ts';
import { mergeSettings, parseSetting } from '../src/tasks/train/settings-file.ts';
import { labeledPhotos } from './default-model/labeled-photos.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'datasets/coco-mini.yaml' },
    photos: { type: 'string', multiple: true, default: [] },
    labeler: { type: 'string' },
    teacher: { type: 'string', default: 'none' },
    weights: { type: 'string', default: 'none' },
    epochs: { type: 'string', default: '300' },
    set: { type: 'string', multiple: true, default: [] },
    minutes: { type: 'string' },
    threads: { type: 'string' },
    name: { type: 'string', default: 'default-model' },
    out: { type: 'string', default: 'models/micro-yolo-coco.safetensors' },
  },
});
const { photos, labeler, teacher, weights, name, out } = values;
const threads = values.threads === undefined ? undefined : Number(values.threads);
const RUNS = 'runs';
/** Left in the folder of a run that has come to its end. */
const FINISHED = 'finished.json';
/** In minutes. */
const LONGEST_LEG = 35_000;

/** Learns every cell of the teacher's outputs, and its trunk: the best of the ways in docs/decisions/0004. */
const LEARNING_FROM = (teacher: string) => ({
  teacher,
  anchors: 'teacher' as const,
  loss: { assigner: 'best-anchor' as const, gains: { distill: 3, hint: 20 } },
  // The ends of the strides 4, 8, 16 and 32, and what both heads come from.
  hints: {
    'backbone.1.0.act': '9.add0',
    'backbone.2.0.act': '20.add0',
    'backbone.3.3.act': '46.add0',
    'backbone.4.1.sum': '57.add0',
    'head.neck.act': '64.act',
  },
});

if (photos.length > 0 !== (labeler !== undefined)) {
  throw new MicroYoloError('invalid-argument', '--photos and --labeler: expected both or neither');
}
const data =
  labeler === undefined
    ? values.data
    : await labeledPhotos({
        data: values.data,
        photos,
        labeler,
        folder: join(RUNS, `${name}-data`),
        threads,
      });

/** What the photographs' labels need: unsure ones count less, and rare classes are shown more often. */
const LEARNING_FROM_LABELS = { labelScores: 'weight' as const, repeatThreshold: 0.01 };

const recipe = {
  data,
  name,
  runs: RUNS,
  model: 'micro-yolo',
  size: 320,
  epochs: Number(values.epochs),
  optimizer: { learningRate: 0.002 },
  ...(weights === 'none' ? {} : { weights }),
  ...(teacher === 'none' ? {} : LEARNING_FROM(teacher)),
  ...(labeler === undefined ? {} : LEARNING_FROM_LABELS),
  // Objects of their own size learn sooner than a mosaic's.
  augmentation: { mosaic: 0.25, scale: [0.5, 1.5] },
  // By default twice the steps a minute; the end, without mosaic, is at full size.
  multiScale: { sizes: [192, 224, 256], every: 500 },
  cleanShare: 0.1,
  evaluateEvery: 5,
  threads: threads ?? null,
};
const settings = values.set.map(parseSetting).reduce(mergeSettings, recipe);

/** The last run of this name that has begun and not finished. */
function unfinishedRun(): string | undefined {
  const folders = existsSync(RUNS) ? readdirSync(RUNS) : [];
  return folders
    .filter((folder) => folder.startsWith(`${name}-`) && /^\d+$/.test(folder.slice(name.length + 1)))
    .map((folder) => join(RUNS, folder))
    .filter((run) => existsSync(join(run, 'checkpoint.safetensors')) && !existsSync(join(run, FINISHED)))
    .sort()
    .at(-1);
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
if (values.minutes !== undefined) {
  const minutes = Number(values.minutes);
  // Timers take no longer waits: they would be over at once.
  if (!(minutes > 0 && minutes <= LONGEST_LEG)) {
    throw new MicroYoloError(
      'invalid-argument',
      `--minutes ${values.minutes}: expected a number above 0, at most ${LONGEST_LEG}`,
    );
  }
  setTimeout(() => stop.abort(), 60_000 * minutes).unref();
}

const resume = unfinishedRun();
const report = await trainDetector(
  { settings, ...(resume === undefined ? {} : { resume }) },
  {
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'run')
        console.log(`${resume === undefined ? 'new run' : 'going on with'} ${event.folder}`);
      if (event.type === 'note') console.log(event.message);
      if (event.type !== 'epoch') return;
      const { epoch, seconds, loss, AP50 } = event.row;
      const score = AP50 === undefined ? '' : `, AP50 ${AP50.toFixed(4)}`;
      console.log(`epoch ${epoch}: ${Math.round(seconds! / 60)} min, loss ${loss!.toFixed(3)}${score}`);
    },
  },
);
const { bytes } = await exportModel({ model: report.model, format: 'safetensors', half: true, out });
if (report.reason !== 'finished') {
  console.log(`${report.reason}; ${out} is the best so far; start this again to go on with ${report.folder}`);
} else {
  const { metrics, perClass } = await evaluateModel({ model: out, data });
  const classes = perClass.toSorted((a, b) => b.truths - a.truths).slice(0, 20);
  const outcome = { bytes, minutes: report.seconds / 60, epochs: report.epochs, metrics, classes };
  writeFileSync(join(report.folder, FINISHED), `${JSON.stringify(outcome, null, 2)}\n`);
  console.log(`${out}: ${(bytes / 1e6).toFixed(2)} MB, AP50 ${metrics.AP50.toFixed(4)}`);
  console.log(readFileSync(join(report.folder, FINISHED), 'utf8'));
}
