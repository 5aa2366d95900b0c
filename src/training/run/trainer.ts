import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { grayLevel } from '../../image/recipe/recipe.ts';
import { cleanAugmentation, taskAugmentation } from '../augmentation/clean.ts';
import { boxRoom } from '../loader/box-room.ts';
import { type LoadedBatch, Loader, type LoaderOptions } from '../loader/loader.ts';
import { objectsByImage } from '../loader/objects.ts';
import { batchesPerEpoch } from '../loader/order.ts';
import { imagesPerEpoch, repeatFactors } from '../loader/repeats.ts';
import type { StoreHandle } from '../loader/store/store.ts';
import type { BoxRoom } from '../losses/detection-loss.ts';
import { EqualWeights } from '../step/equal-weights.ts';
import { hintsAt, taughtBatch } from '../teacher/teach.ts';
import type { TrainingEvent } from './events.ts';
import { RunFiles } from './files.ts';
import { TrainingLoop } from './loop.ts';
import { lossOptions } from './loss-options.ts';
import { outcomeSettings } from './outcome.ts';
import { RunProgress } from './progress.ts';
import { readImages } from './read-images.ts';
import type { TrainingResult, TrainingRun } from './run.ts';
import { SizedExecutor } from './sized-executor.ts';

/** Number of boxes per image that a step has room for, and whether they have weights. */
function roomOf(
  { settings, dataset }: Pick<TrainingRun, 'settings' | 'dataset'>,
  onNote: (message: string) => void,
): BoxRoom {
  const isAsked = settings.labelScores === 'weight';
  const isWeighted = isAsked && dataset.annotations.mayHave('score');
  if (isAsked && !isWeighted)
    onNote('labelScores weight: no annotation has a score, so all objects have weight 1');
  const images = objectsByImage(dataset, isWeighted);
  const ignored = images.flatMap(({ objects }) => objects.filter(({ isIgnored }) => isIgnored)).length;
  if (ignored > 0) onNote(`${ignored} crowd boxes: nothing inside them is trained as background`);
  return { ...boxRoom(images, settings.augmentation), isWeighted };
}

function makeLoader(
  { settings, dataset, network, recipe }: Pick<TrainingRun, 'settings' | 'dataset' | 'network' | 'recipe'>,
  store: StoreHandle,
  images: Pick<LoaderOptions, 'objects' | 'usable' | 'repeats'>,
  room: BoxRoom,
  progress: RunProgress,
): Loader {
  const { batch, seed, workers, loss } = settings;
  const augmentation = taskAugmentation(settings.augmentation, dataset.task ?? 'detection');
  return new Loader({
    store,
    ...images,
    network,
    assigner: loss.assigner,
    room: room.truths,
    more: room,
    augmentation,
    cleanAugmentation: cleanAugmentation(augmentation),
    fill: grayLevel(recipe.fill),
    batch,
    seed,
    workers,
    position: progress.position,
    shapeOf: (position) => progress.schedule.shapeOf(position),
  });
}

/**
 * Trains a detector or a classifier. Reports progress as events, and writes checkpoints and models to the run's folder.
 * @throws MicroYoloError if the data cannot be used, or the loss is NaN or infinite; `interrupted` if aborted while
 *     reading images; `not-writable` if the last save failed
 */
export async function train(
  run: TrainingRun,
  onEvent: (event: TrainingEvent) => void = () => {},
): Promise<TrainingResult> {
  const asked = performance.now();
  const { settings, dataset, resume, network, recipe, teacher } = run;
  const task = dataset.task ?? 'detection';
  const onNote = (message: string) => onEvent({ type: 'note', message });
  const room = roomOf(run, onNote);
  // Created before reading images, so that errors are reported immediately.
  const hints = hintsAt(
    teacher,
    settings.loss.gains.hint,
    settings.hints,
    settings.loss.hintForm === 'copied',
  );
  await using engine = new SizedExecutor({
    settings,
    network,
    recipe,
    loss: lossOptions(run),
    hints,
    requireGpu: run.requireGpu,
    room,
    choices: resume?.run.choices ?? {},
    onNote,
  });
  const [, height, width] = network.input;
  const input = { width, height };
  const { name, device } = await engine.resize(input, resume?.state ?? run.weights);
  onEvent({ type: 'engine', engine: name, device: device.name });
  if (resume && resume.run.engine !== name) {
    onNote(`the run started on ${resume.run.engine} and continues on ${name}: rounding will differ`);
  }
  await using images = await readImages(run, onEvent);
  const { handle } = images;
  // A resumed run keeps its list of unusable images, so that its batches stay the same.
  const unusable = new Set(resume?.run.unusable);
  const usable = resume?.run.unusable
    ? dataset.images.flatMap((_, place) => (unusable.has(place) ? [] : [place]))
    : images.usable;
  const objects = objectsByImage(dataset, room.isWeighted);
  const repeats = repeatFactors(objects, usable, settings.repeatThreshold);
  const shown = imagesPerEpoch(usable, repeats);
  if (repeats) onNote(`${shown} images per epoch from ${usable.length}: those of rare classes are repeated`);
  const batches = batchesPerEpoch(shown, settings.batch);
  const progress = new RunProgress({ settings, input, task, batches, asked, earlier: resume?.run });
  const { total = Infinity } = progress.schedule;
  if (settings.accumulate > total) {
    throw new MicroYoloError(
      'invalid-argument',
      `accumulate ${settings.accumulate}: the run has ${total} steps and would learn nothing; expected at most ${total}`,
    );
  }
  onEvent({
    type: 'started',
    engine: name,
    images: usable.length,
    batchesPerEpoch: batches,
    steps: progress.schedule.total,
    cache: handle.kind,
    truthRoom: room.truths,
    step: progress.step,
  });
  await using loader = makeLoader(run, handle, { objects, usable, repeats }, room, progress);
  const prepare = async (): Promise<LoadedBatch> => {
    const batch = await loader.next();
    return teacher ? taughtBatch(batch, network, teacher, hints) : batch;
  };
  const classes = dataset.categories.map(({ name }) => name);
  const model = { network, classes, recipe, provenance: run.provenance };
  const used = new Set(usable);
  const loop = new TrainingLoop({
    images: dataset.images,
    unusable: dataset.images.flatMap((_, place) => (used.has(place) ? [] : [place])),
    outcome: outcomeSettings(settings),
    progress,
    engine,
    files: new RunFiles({ folder: run.folder, model, settings }, onEvent),
    equal: settings.constraint === 'equal' ? new EqualWeights(resume?.state ?? run.weights) : undefined,
    evaluate: run.evaluate,
    signal: run.signal,
    onEvent,
  });
  const reason = await loop.run(prepare);
  const { best, history } = progress.epochs;
  const { seconds } = progress.clock;
  return { reason, epochs: history.length, steps: progress.step, seconds, best, history };
}
