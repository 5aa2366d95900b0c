import type { StepResult } from '../../executors/step/step-executor.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Tensors } from '../../graph/operations.ts';
import { grayLevel } from '../../image/recipe.ts';
import { IMAGE_INPUT } from '../../models/forward/forward.ts';
import { withInputSize } from '../../network/shapes.ts';
import { cleanAugmentation, taskAugmentation } from '../augmentation/clean.ts';
import { TRUTH_CLASSES_INPUT, TRUTHS_INPUT } from '../heads/inputs.ts';
import { yoloHeads } from '../heads/targets.ts';
import { boxRoom } from '../loader/box-room.ts';
import { type LoadedBatch, Loader, type LoaderOptions } from '../loader/loader.ts';
import { objectsByImage } from '../loader/objects.ts';
import { batchesPerEpoch } from '../loader/order.ts';
import { imagesPerEpoch, repeatFactors } from '../loader/repeats.ts';
import type { StoreHandle } from '../loader/store/store.ts';
import type { BoxRoom } from '../losses/detection-loss.ts';
import { EqualWeights } from '../step/equal-weights.ts';
import { hintsOf, teacherHints } from '../teacher/hints.ts';
import { teacherGrids, teacherTargets } from '../teacher/targets.ts';
import { BEST_FILE, LAST_FILE, RunFiles, type Saved } from './files.ts';
import { RunProgress } from './progress.ts';
import { readImages } from './read-images.ts';
import type { EndReason, TrainingEvent, TrainingResult, TrainingRun } from './run.ts';
import { outcomeSettings } from './settings.ts';
import { SizedEngine } from './sized-executor.ts';

type OnEvent = (event: TrainingEvent) => void;

/** Batches at the start of a run that are shown. */
const SHOWN_BATCHES = 2;

/** A run under way: batches go through the engine until the run ends. */
class Trainer {
  readonly #run: TrainingRun;
  readonly #progress: RunProgress;
  readonly #engine: SizedEngine;
  readonly #files: RunFiles;
  readonly #onEvent: OnEvent;
  readonly #isUsable: ReadonlySet<number>;
  readonly #equal: EqualWeights | undefined;
  /** The last epoch that was to be evaluated. */
  #triedEpoch = 0;
  #hasOverflowed = false;

  constructor(
    run: TrainingRun,
    progress: RunProgress,
    engine: SizedEngine,
    usable: readonly number[],
    onEvent: OnEvent,
  ) {
    this.#isUsable = new Set(usable);
    this.#run = run;
    this.#progress = progress;
    this.#engine = engine;
    const start = run.resume?.state ?? run.weights;
    this.#equal = run.settings.constraint === 'equal' ? new EqualWeights(start) : undefined;
    this.#files = new RunFiles(run, onEvent);
    this.#onEvent = onEvent;
  }

  async train(loader: Loader): Promise<EndReason> {
    const { signal } = this.#run;
    const progress = this.#progress;
    // A run that waited long enough for something better does so again.
    if (progress.isWaitOver && !progress.isInEpoch) return 'no-better';
    let asked = performance.now();
    let next = this.#prepare(loader);
    while (progress.share < 1 || this.#owesStep) {
      if (signal?.aborted) {
        await this.#save(undefined, [LAST_FILE]);
        this.#files.checkSaved();
        return 'interrupted';
      }
      const batch = await next;
      const waiting = performance.now() - asked;
      next = this.#prepare(loader);
      await this.#step(batch, waiting);
      asked = performance.now();
      if (progress.position.batch === 0) {
        await this.#endEpoch();
        if (progress.isWaitOver) {
          this.#files.checkSaved();
          return 'no-better';
        }
      } else if (this.#files.isCheckpointDue) await this.#save();
    }
    if (progress.isInEpoch) await this.#endEpoch();
    this.#files.checkSaved();
    return 'finished';
  }

  /**
   * Whether time ran out before the first step, or between the end of an epoch, too early to evaluate, and the next step:
   * one more ends the run.
   */
  get #owesStep(): boolean {
    const { step, isInEpoch, isEvaluated, history } = this.#progress;
    const isTried = isEvaluated || this.#triedEpoch === history.length;
    return step === 0 || (this.#run.evaluate !== undefined && !isInEpoch && !isTried);
  }

  /** The next batch, with what a teacher says of it: made while a step runs. */
  #prepare(loader: Loader): Promise<LoadedBatch> {
    const prepare = async () => {
      const batch = await loader.next();
      const { teacher, network, settings } = this.#run;
      if (!teacher) return batch;
      const { width, height } = batch.input;
      const pixels = batch.tensors[IMAGE_INPUT]!.data as Uint8Array;
      const { predictions, maps } = await teacher.look(pixels, batch.input);
      const sized = withInputSize(network, width, height);
      const heads = yoloHeads(sized);
      const known = teacher.network;
      const grids = known ? teacherGrids(withInputSize(known, width, height)) : [];
      const isHinted = teacher.maps && settings.loss.gains.hint > 0;
      const hints = isHinted ? hintsOf(sized, teacher.maps(batch.input), settings.hints) : [];
      const tensors = {
        ...batch.tensors,
        ...teacherTargets(predictions, heads, teacher.classMap, grids),
        ...teacherHints(maps, hints),
      };
      return { ...batch, tensors };
    };
    const prepared = prepare();
    // A failure is reported where the batch is used.
    prepared.catch(() => {});
    return prepared;
  }

  async #step(batch: LoadedBatch, waiting: number): Promise<void> {
    const progress = this.#progress;
    const engine = await this.#engine.resize(batch.input);
    const scalars = progress.scalars();
    if (progress.step < SHOWN_BATCHES) this.#show(batch);
    const result = await engine.step(batch.tensors, scalars);
    if (!result.accepted) await this.#stopUnfinite(batch, result);
    if (this.#equal) await engine.writeState(this.#equal.project(await engine.readState()));
    const { metrics, milliseconds } = result;
    progress.count(batch, metrics, milliseconds);
    if (batch.overflow > 0 && !this.#hasOverflowed) {
      this.#hasOverflowed = true;
      const message = `${batch.overflow} true or ignored boxes more in a picture than a step has room for count as background; fewer tiles in a mosaic make fewer (results.csv: overflow)`;
      this.#onEvent({ type: 'note', message });
    }
    for (const { image, message } of batch.skipped) {
      this.#onEvent({ type: 'skipped', image: this.#run.dataset.images[image]!.fileName, message });
    }
    this.#onEvent({
      type: 'step',
      epoch: batch.position.epoch + 1,
      step: progress.step,
      progress: progress.share,
      learningRate: scalars['learningRate.kernels']!,
      input: batch.input,
      metrics,
      milliseconds: { step: milliseconds, waiting, loading: batch.milliseconds },
    });
  }

  /** Copies what a step may hand on to another thread. */
  #show({ input, images, tensors }: LoadedBatch): void {
    const column = (name: string) => Float32Array.from(tensors[name]?.data ?? []);
    this.#onEvent({
      type: 'batch',
      input,
      pixels: Uint8Array.from(tensors[IMAGE_INPUT]!.data),
      images: images.map((place) => this.#run.dataset.images[place]!.fileName),
      boxes: column(TRUTHS_INPUT),
      classes: column(TRUTH_CLASSES_INPUT),
    });
  }

  /** The state before the step is still good: it is saved before the run stops. */
  async #stopUnfinite(batch: LoadedBatch, { metrics }: StepResult): Promise<never> {
    await this.#save();
    const { images } = this.#run.dataset;
    const ids = batch.images.map((index) => images[index]!.id).join(', ');
    const parts = Object.entries(metrics).filter(([name]) => name !== 'finite');
    const values = parts.map(([name, value]) => `${name} ${value}`).join(', ');
    throw new MicroYoloError(
      'diverged',
      `step ${this.#progress.step + 1}: the loss is NaN or infinite (${values}; image ids ${ids}); ` +
        'the state before it is saved: lower the learning rate or the gains, and start from its weights',
    );
  }

  /** Evaluates where it is time, keeps the epoch's figures, saves. */
  async #endEpoch(): Promise<void> {
    const { evaluate } = this.#run;
    const progress = this.#progress;
    const state = await this.#engine.current.readState();
    const epoch = progress.history.length + 1;
    const isDue = evaluate !== undefined && progress.isEvaluationDue;
    if (isDue) {
      this.#onEvent({ type: 'evaluating', epoch });
      this.#triedEpoch = epoch;
    }
    const metrics = isDue ? await evaluate(this.#files.model(state), epoch) : undefined;
    const ended = progress.endEpoch(metrics);
    // Where nothing was evaluated the last model is the best there is.
    const isBest = ended.isBest || progress.best === undefined;
    this.#onEvent({ type: 'epoch', row: ended.row, best: progress.best, isBest });
    if (metrics || progress.share >= 1 || this.#files.isEpochDue) {
      await this.#save(state, isBest ? [BEST_FILE, LAST_FILE] : [LAST_FILE], metrics);
    }
  }

  async #save(known?: Tensors, models: Saved['models'] = [], metrics?: Saved['metrics']): Promise<void> {
    const engine = this.#engine.current;
    const state = known ?? (await engine.readState());
    const run = {
      ...this.#progress.state(),
      version: 1,
      engine: engine.name,
      choices: this.#engine.choices,
      unusable: this.#run.dataset.images.flatMap((_, place) => (this.#isUsable.has(place) ? [] : [place])),
      settings: outcomeSettings(this.#run.settings),
    } as const;
    await this.#files.save({ run, state, models, metrics });
  }
}

/** What a step takes of the data's boxes. */
function roomOf({ settings, dataset }: TrainingRun, onNote: (message: string) => void): BoxRoom {
  const isAsked = settings.labelScores === 'weight';
  const isWeighted = isAsked && dataset.annotations.mayHave('score');
  if (isAsked && !isWeighted)
    onNote('labelScores weight: no annotation has a score, and all objects weigh 1');
  const images = objectsByImage(dataset, isWeighted);
  const ignored = images.flatMap(({ objects }) => objects.filter(({ isIgnored }) => isIgnored)).length;
  if (ignored > 0) onNote(`${ignored} crowd boxes: nothing inside them is taught as background`);
  return { ...boxRoom(images, settings.augmentation), isWeighted };
}

function makeLoader(
  { settings, dataset, network, recipe }: TrainingRun,
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
    shapeOf: (position) => progress.shapeOf(position),
  });
}

/**
 * Trains a detector or a classifier. Everything that happens is told as an event; checkpoints and models go to the folder.
 * @throws MicroYoloError if the data cannot be used, or the loss is NaN or infinite; `interrupted` while images are
 *     read, `not-writable` where the last save failed
 */
export async function train(run: TrainingRun, onEvent: OnEvent = () => {}): Promise<TrainingResult> {
  const asked = performance.now();
  const { settings, dataset, resume, weights, network } = run;
  const onNote = (message: string) => onEvent({ type: 'note', message });
  const room = roomOf(run, onNote);
  // Made before the images are read: what it lacks is said at once.
  await using engine = new SizedEngine({ run, room, choices: resume?.run.choices ?? {}, onNote });
  const [, height, width] = network.input;
  const { name, device } = await engine.resize({ width, height }, resume?.state ?? weights);
  onEvent({ type: 'engine', engine: name, device: device.name });
  if (resume && resume.run.engine !== name) {
    onNote(`the run began on ${resume.run.engine} and goes on on ${name}: its numbers will round otherwise`);
  }
  await using images = await readImages(run, onEvent);
  const { handle } = images;
  // The same batches, wherever images are kept this time and whatever can be read by now.
  const unusable = new Set(resume?.run.unusable);
  const usable = resume?.run.unusable
    ? dataset.images.flatMap((_, place) => (unusable.has(place) ? [] : [place]))
    : images.usable;
  const objects = objectsByImage(dataset, room.isWeighted);
  const repeats = repeatFactors(objects, usable, settings.repeatThreshold);
  const shown = imagesPerEpoch(usable, repeats);
  if (repeats) onNote(`${shown} images an epoch of ${usable.length}: those of rare classes are repeated`);
  const batches = batchesPerEpoch(shown, settings.batch);
  const progress = new RunProgress(run, batches, asked);
  const { total = Infinity } = progress;
  if (settings.accumulate > total) {
    throw new MicroYoloError(
      'invalid-argument',
      `accumulate ${settings.accumulate}: the run has ${total} steps and would learn nothing; expected ${total} at most`,
    );
  }
  onEvent({
    type: 'started',
    engine: name,
    images: usable.length,
    batchesPerEpoch: batches,
    steps: progress.total,
    cache: handle.kind,
    truthRoom: room.truths,
    step: progress.step,
  });
  await using loader = makeLoader(run, handle, { objects, usable, repeats }, room, progress);
  const reason = await new Trainer(run, progress, engine, usable, onEvent).train(loader);
  const { step: steps, seconds, best, history } = progress;
  return { reason, epochs: history.length, steps, seconds, best, history };
}
