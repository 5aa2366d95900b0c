/**
 * Makes the default model of `detect`, from published weights and data to the file that ships, in one
 * command: `npx tsx scripts/train-default-model.ts --yolox yolox_nano.onnx`. Without `--epochs` it ends there. With it,
 * the model is then trained: you can stop and restart the script, and each start continues the last unfinished run with the
 * same options. Each end writes the best model so far in half precision; the last one also evaluates it.
 *
 *   --yolox FILE      published yolox_nano.onnx, whose weights the model starts with
 *   --weights MODEL   model to start with instead (random weights if neither is given)
 *   --data FILE       data set (datasets/coco-mini.yaml)
 *   --photos FOLDER   photos without labels, repeatable: `--labeler` labels them first, and they join the data set
 *   --labeler MODEL   detector that labels the photos (.onnx, .safetensors, .cfg)
 *   --epochs N        length of the training (0)
 *   --set NAME=VALUE  any other setting of `micro-yolo train`, repeatable
 *   --minutes N       length of this leg from its first step; then it saves and ends (no limit)
 *   --threads N       CPU threads (all cores)
 *   --name NAME       name of the run (default-model)
 *   --out FILE        path of the model (models/micro-yolo-coco.safetensors)
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  evaluateModel,
  exportModel,
  MicroYoloError,
  type TrainReport,
  trainDetector,
} from '../src/api/index.ts';
import { mergeSettings, parseSetting } from '../src/tasks/train/settings-file.ts';
import { begin } from './default-model/begin.ts';
import { labeledPhotos } from './default-model/labeled-photos.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: 'datasets/coco-mini.yaml' },
    photos: { type: 'string', multiple: true, default: [] },
    labeler: { type: 'string' },
    yolox: { type: 'string' },
    weights: { type: 'string' },
    epochs: { type: 'string', default: '0' },
    set: { type: 'string', multiple: true, default: [] },
    minutes: { type: 'string' },
    threads: { type: 'string' },
    name: { type: 'string', default: 'default-model' },
    out: { type: 'string', default: 'models/micro-yolo-coco.safetensors' },
  },
});
const { photos, labeler, yolox, name, out } = values;
const epochs = Number(values.epochs);
const threads = values.threads === undefined ? undefined : Number(values.threads);
const RUNS = 'runs';
/** Marks the folder of a finished run. */
const FINISHED = 'finished.json';
/** In minutes. */
const LONGEST_LEG = 35_000;

/** Side of the input in pixels. */
const SIZE = 320;

function refuse(problem: string): never {
  throw new MicroYoloError('invalid-argument', problem);
}
if (!Number.isInteger(epochs) || epochs < 0)
  refuse(`--epochs ${values.epochs}: expected a whole number, 0 or more`);
if (yolox !== undefined && values.weights !== undefined)
  refuse('--yolox and --weights: expected one of them');
if (photos.length > 0 !== (labeler !== undefined)) refuse('--photos and --labeler: expected both or neither');
if (epochs === 0) {
  if (yolox === undefined && values.weights === undefined)
    refuse('expected --yolox or --weights, or --epochs to train');
  if (photos.length > 0 || values.set.length > 0 || values.minutes !== undefined)
    refuse('--photos, --set and --minutes are for training; expected --epochs with them');
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

const weights =
  yolox === undefined
    ? values.weights
    : await begin({ yolox, data, folder: join(RUNS, `${name}-start`), size: SIZE });

/** Settings for the photos' labels: uncertain ones count less, and rare classes are shown more often. */
const LEARNING_FROM_LABELS = { labelScores: 'weight' as const, repeatThreshold: 0.01 };

const recipe = {
  data,
  name,
  runs: RUNS,
  model: 'micro-yolox',
  size: SIZE,
  epochs,
  optimizer: { learningRate: 0.002 },
  ...(weights === undefined ? {} : { weights }),
  ...(labeler === undefined ? {} : LEARNING_FROM_LABELS),
  // Objects at their own size are learned sooner than in a mosaic.
  augmentation: { mosaic: 0.25, scale: [0.5, 1.5] },
  // By default twice the steps per minute; the end, without mosaic, is at full size.
  multiScale: { sizes: [192, 224, 256], every: 500 },
  cleanShare: 0.1,
  evaluateEvery: 5,
  threads: threads ?? null,
};
const settings = values.set.map(parseSetting).reduce(mergeSettings, recipe);

/** The last run of this name that has started and not finished. */
function unfinishedRun(): string | undefined {
  const folders = existsSync(RUNS) ? readdirSync(RUNS) : [];
  return folders
    .filter((folder) => folder.startsWith(`${name}-`) && /^\d+$/.test(folder.slice(name.length + 1)))
    .map((folder) => join(RUNS, folder))
    .filter((run) => existsSync(join(run, 'checkpoint.safetensors')) && !existsSync(join(run, FINISHED)))
    .sort()
    .at(-1);
}

/** Trains one leg of the run. */
async function train(): Promise<TrainReport> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
  // Longer waits overflow the timer, which would fire at once.
  if (minutes !== undefined && !(minutes > 0 && minutes <= LONGEST_LEG)) {
    refuse(`--minutes ${values.minutes}: expected a number above 0, at most ${LONGEST_LEG}`);
  }
  let isTimed = minutes === undefined;
  const resume = unfinishedRun();
  return trainDetector(
    { settings, ...(resume === undefined ? {} : { resume }) },
    {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === 'run')
          console.log(`${resume === undefined ? 'new run' : 'going on with'} ${event.folder}`);
        if (event.type === 'note') console.log(event.message);
        // There is nothing to save before the first step.
        if (event.type === 'step' && !isTimed) {
          isTimed = true;
          setTimeout(() => stop.abort(), 60_000 * minutes!).unref();
        }
        if (event.type !== 'epoch') return;
        const { epoch, seconds, loss, AP50 } = event.row;
        const score = AP50 === undefined ? '' : `, AP50 ${AP50.toFixed(4)}`;
        console.log(`epoch ${epoch}: ${Math.round(seconds! / 60)} min, loss ${loss!.toFixed(3)}${score}`);
      },
    },
  );
}

/** Writes a model in half precision. */
async function write(model: string): Promise<void> {
  const { bytes } = await exportModel({ model, format: 'safetensors', half: true, out });
  console.log(`${out}: ${(bytes / 1e6).toFixed(2)} MB`);
}

/** Evaluates a model on the data's evaluation split. */
async function measure() {
  const { metrics, perClass } = await evaluateModel({ model: out, data });
  const classes = perClass.toSorted((a, b) => b.truths - a.truths).slice(0, 20);
  console.log(JSON.stringify({ metrics, classes }, null, 2));
  return { metrics, classes };
}

if (epochs === 0) {
  await write(weights!);
  await measure();
} else {
  const { model, reason, folder, seconds, epochs: done } = await train();
  await write(model);
  if (reason === 'finished') {
    const outcome = { minutes: seconds / 60, epochs: done, ...(await measure()) };
    writeFileSync(join(folder, FINISHED), `${JSON.stringify(outcome, null, 2)}\n`);
  } else {
    console.log(`${reason}; ${out} is the best so far; start this again to go on with ${folder}`);
  }
}
