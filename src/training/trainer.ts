import { join } from 'node:path';
import { cleanAugmentation } from '../augmentation/clean.ts';
import type { Size } from '../boxes/formats.ts';
import type { StepResult } from '../engines/engine.ts';
import { MicroYoloError } from '../errors.ts';
import type { Tensors } from '../graph/operations.ts';
import { IMAGE_INPUT } from '../model/forward.ts';
import type { Model } from '../model/model.ts';
import { writeModel } from '../model/model-file.ts';
import { networkParameters } from '../network/parameters.ts';
import { withInputSize } from '../network/shapes.ts';
import { yoloHeads } from './assigners/targets.ts';
import { type RunState, writeCheckpoint } from './checkpoint.ts';
import { type LoadedBatch, Loader } from './loader/loader.ts';
import { objectsByImage } from './loader/objects.ts';
import { batchesPerEpoch, type LoaderPosition, mixSeeds, nextPosition } from './loader/order.ts';
import { fillStore } from './loader/store/fill.ts';
import type { Best, EndReason, EpochRow, TrainingEvent, TrainingResult, TrainingRun } from './run.ts';
import { isUpdate, stepScalars } from './scalars.ts';
import { outcomeSettings, squareSize } from './settings.ts';
import { SizedEngine } from './sized-engine.ts';
import { weightsOf } from './step.ts';
import { teacherTargets } from './teacher-targets.ts';
import { truthRoom } from './truth-room.ts';

/** Names of a run folder's models: the moving average of the weights, at the end and when it was best. */
export const LAST_FILE = 'last.safetensors';
export const BEST_FILE = 'best.safetensors';

/** The metric that decides which weights are the best. */
const DECIDING = 'AP';

/** One training run: what it has done so far, and how it goes on. */
class Trainer {
  readonly #run: TrainingRun;
  readonly #onEvent: (event: TrainingEvent) => void;
  readonly #begun = performance.now();
  readonly #before: number;
  readonly #history: EpochRow[];
  #position: LoaderPosition;
  #step: number;
  #updates: number;
  #best: Best | undefined;
  #sums: Record<string, number>;
  #batches = 0;
  #saved = performance.now();
  /** The best model, where it could not be written. */
  #owed: Model | undefined;
  #engine!: SizedEngine;

  constructor(run: TrainingRun, onEvent: (event: TrainingEvent) => void) {
    this.#run = run;
    this.#onEvent = onEvent;
    const state = run.resume?.run;
    this.#position = state?.position ?? { epoch: 0, batch: 0 };
    this.#step = state?.step ?? 0;
    this.#updates = state?.updates ?? 0;
    this.#before = state?.seconds ?? 0;
    this.#best = state?.best ?? undefined;
    this.#history = [...(state?.history ?? [])];
    this.#sums = { ...state?.sums };
  }

  /** Training time of the run so far. */
  get #seconds(): number {
    return this.#before + (performance.now() - this.#begun) / 1000;
  }

  get #total(): number | undefined {
    const { epochs, maxMinutes } = this.#run.settings;
    return maxMinutes === null ? epochs * this.#batches : undefined;
  }

  /** Share of the run that is done before a step. */
  #progressAt(step: number): number {
    const { maxMinutes } = this.#run.settings;
    return Math.min(1, maxMinutes === null ? step / this.#total! : this.#seconds / (60 * maxMinutes));
  }

  /** Input size of the batch at a position, and whether it belongs to the clean end. */
  #shapeOf({ epoch, batch }: LoaderPosition): { readonly input: Size; readonly clean: boolean } {
    const { settings, network } = this.#run;
    const [, height, width] = network.input;
    const step = epoch * this.#batches + batch;
    const { multiScale, seed, cleanShare } = settings;
    const clean = cleanShare > 0 && this.#progressAt(step) >= 1 - cleanShare;
    if (clean || multiScale === null) return { input: { width, height }, clean };
    const turn = Math.floor(step / multiScale.every);
    const size = multiScale.sizes[mixSeeds(seed, turn, 3) % multiScale.sizes.length]!;
    return { input: squareSize(size), clean: false };
  }

  async train(): Promise<TrainingResult> {
    const { settings, dataset, network, recipe, resume, weights } = this.#run;
    const objects = objectsByImage(dataset);
    const { handle, usable } = await this.#readImages();
    this.#batches = batchesPerEpoch(usable.length, settings.batch);
    const room = truthRoom(objects, settings.augmentation.mosaic > 0);
    const onNote = (message: string) => this.#onEvent({ type: 'note', message });
    await using engine = new SizedEngine({
      run: this.#run,
      room,
      choices: resume?.run.choices ?? {},
      onNote,
    });
    this.#engine = engine;
    const { input } = this.#shapeOf(this.#position);
    const { name } = await engine.resize(input, resume?.state ?? weights);
    if (resume && resume.run.engine !== name) {
      onNote(
        `the run began on ${resume.run.engine} and goes on on ${name}: its numbers will round otherwise`,
      );
    }
    this.#onEvent({
      type: 'started',
      engine: name,
      images: usable.length,
      batchesPerEpoch: this.#batches,
      steps: this.#total,
      cache: handle.kind,
      truthRoom: room,
      step: this.#step,
    });
    await using loader = new Loader({
      store: handle,
      objects,
      usable,
      network,
      assigner: settings.loss.assigner,
      room,
      augmentation: settings.augmentation,
      cleanAugmentation: cleanAugmentation(settings.augmentation),
      fill: recipe.fill,
      batch: settings.batch,
      seed: settings.seed,
      workers: settings.workers,
      position: this.#position,
      shapeOf: (position) => this.#shapeOf(position),
    });
    const reason = await this.#loop(loader);
    return {
      reason,
      epochs: this.#history.length,
      steps: this.#step,
      seconds: this.#seconds,
      best: this.#best,
      history: this.#history,
    };
  }

  async #readImages(): ReturnType<typeof fillStore> {
    const { dataset, settings, network, folder } = this.#run;
    const { images, imageFolder } = dataset;
    this.#onEvent({ type: 'reading', images: images.length });
    const sizes = [...(settings.multiScale?.sizes ?? []).map(squareSize)];
    const side = Math.max(
      ...network.input.slice(1),
      ...sizes.flatMap(({ width, height }) => [width, height]),
    );
    const filled = await fillStore({
      images,
      imageFolder,
      side,
      cache: settings.cache,
      folder,
      onImage: (problem) => this.#onEvent({ type: 'image', problem: problem?.message }),
    });
    if (filled.usable.length === 0) {
      throw new MicroYoloError(
        'invalid-file',
        `${imageFolder}: none of ${images.length} images can be read; run "micro-yolo dataset check"`,
      );
    }
    return filled;
  }

  async #loop(loader: Loader): Promise<EndReason> {
    const { settings, signal } = this.#run;
    let asked = performance.now();
    let next = this.#prepare(loader);
    while (this.#progressAt(this.#step) < 1) {
      if (signal?.aborted) {
        await this.#checkpoint();
        return 'interrupted';
      }
      const batch = await next;
      const waiting = performance.now() - asked;
      next = this.#prepare(loader);
      await this.#train(batch, waiting);
      asked = performance.now();
      this.#position = nextPosition(batch.position, this.#batches);
      if (this.#position.batch === 0) {
        if (await this.#endEpoch()) return 'no-better';
      } else if (performance.now() - this.#saved > 60_000 * settings.checkpointMinutes) {
        await this.#checkpoint();
      }
    }
    if (this.#position.batch > 0) await this.#endEpoch();
    return 'finished';
  }

  /** The next batch, with what a teacher says of it: made while a step runs. */
  #prepare(loader: Loader): Promise<LoadedBatch> {
    const prepare = async () => {
      const batch = await loader.next();
      const { teacher, network } = this.#run;
      if (!teacher) return batch;
      const { width, height } = batch.input;
      const pixels = batch.tensors[IMAGE_INPUT]!.data as Uint8Array;
      const predictions = await teacher.predict(pixels, batch.input);
      const heads = yoloHeads(withInputSize(network, width, height));
      return {
        ...batch,
        tensors: { ...batch.tensors, ...teacherTargets(predictions, heads, teacher.classMap) },
      };
    };
    const prepared = prepare();
    // A failure is reported where the batch is used.
    prepared.catch(() => {});
    return prepared;
  }

  /** One step. */
  async #train(batch: LoadedBatch, waiting: number): Promise<void> {
    const { settings } = this.#run;
    const engine = await this.#engine.resize(batch.input);
    const progress = this.#progressAt(this.#step);
    const scalars = stepScalars(settings, { progress, step: this.#step, updates: this.#updates });
    const result = await engine.step(batch.tensors, scalars);
    if (!result.accepted) await this.#stopUnfinite(batch, result);
    if (isUpdate(this.#step, settings.accumulate)) this.#updates++;
    this.#step++;
    const { metrics, milliseconds } = result;
    const sum = (name: string, value: number) => {
      this.#sums[name] = (this.#sums[name] ?? 0) + value;
    };
    for (const [name, value] of Object.entries(metrics)) if (name !== 'finite') sum(name, value);
    if (batch.assigned !== undefined) {
      sum('truthCount', batch.truthCount);
      sum('assigned', batch.assigned);
    }
    sum('overflow', batch.overflow);
    sum('steps', 1);
    sum('milliseconds', milliseconds);
    for (const { image, message } of batch.skipped) {
      this.#onEvent({ type: 'skipped', image: this.#run.dataset.images[image]!.fileName, message });
    }
    this.#onEvent({
      type: 'step',
      epoch: batch.position.epoch + 1,
      step: this.#step,
      progress: this.#progressAt(this.#step),
      learningRate: scalars['learningRate.kernels']!,
      input: batch.input,
      metrics,
      milliseconds: { step: milliseconds, waiting, loading: batch.milliseconds },
    });
  }

  /** The state before the step is still good: it is saved before the run stops. */
  async #stopUnfinite(batch: LoadedBatch, { metrics }: StepResult): Promise<never> {
    await this.#checkpoint();
    const { images } = this.#run.dataset;
    const ids = batch.images.map((index) => images[index]!.id).join(', ');
    const parts = Object.entries(metrics).flatMap(([name, value]) =>
      name === 'finite' ? [] : [`${name} ${value}`],
    );
    throw new MicroYoloError(
      'unsupported',
      `step ${this.#step + 1}: the loss is no finite number (${parts.join(', ')}; image ids ${ids}); ` +
        'the state before it is saved: lower the learning rate or the gains and train from last.safetensors',
    );
  }

  /** Evaluates where it is time, keeps the epoch's figures, saves. Returns whether no better model is to be expected. */
  async #endEpoch(): Promise<boolean> {
    const { settings, evaluate } = this.#run;
    const epoch = this.#history.length + 1;
    const progress = this.#progressAt(this.#step);
    const isLast = progress >= 1;
    const { steps = 1, milliseconds = 0, overflow = 0, ...sums } = this.#sums;
    const { truthCount = 0, assigned = 0, ...parts } = sums;
    const means = Object.fromEntries(Object.entries(parts).map(([name, sum]) => [name, sum / steps]));
    const isDue = settings.evaluateEvery > 0 && epoch % settings.evaluateEvery === 0;
    const state = await this.#engine.current.readState();
    let metrics = {};
    let isBest = evaluate === undefined;
    if (evaluate && (isDue || isLast)) {
      this.#onEvent({ type: 'evaluating', epoch });
      const found = await evaluate(this.#model(state), epoch);
      metrics = found;
      const value = found[DECIDING] ?? 0;
      if (!this.#best || value > this.#best.value) {
        this.#best = { value, epoch };
        isBest = true;
      }
    }
    this.#sums = {};
    const row = {
      epoch,
      step: this.#step,
      seconds: this.#seconds,
      learningRate: stepScalars(settings, { progress, step: this.#step, updates: this.#updates })[
        'learningRate.kernels'
      ]!,
      ...means,
      // Share of the true objects that an anchor cell answers for.
      assignerRecall: truthCount > 0 ? assigned / truthCount : 0,
      overflow,
      imagesPerSecond: (1000 * steps * settings.batch) / milliseconds,
      ...metrics,
    };
    this.#history.push(row);
    this.#onEvent({ type: 'epoch', row, best: this.#best, isBest });
    await this.#checkpoint(state, isBest);
    const waited = this.#history.filter(
      (past) => past['epoch']! > (this.#best?.epoch ?? 0) && DECIDING in past,
    );
    return settings.patience > 0 && waited.length >= settings.patience;
  }

  #model(state: Tensors): Model {
    const { network, dataset, recipe, provenance } = this.#run;
    const weights = weightsOf(networkParameters(network), state, 'average');
    const classes = dataset.categories.map(({ name }) => name);
    return { network, weights, classes, recipe, provenance };
  }

  async #checkpoint(known?: Tensors, isBest = false): Promise<void> {
    const { folder, settings } = this.#run;
    const started = performance.now();
    const state = known ?? (await this.#engine.current.readState());
    const run: RunState = {
      version: 1,
      position: this.#position,
      step: this.#step,
      updates: this.#updates,
      seconds: this.#seconds,
      best: this.#best ?? null,
      history: this.#history,
      sums: this.#sums,
      engine: this.#engine.current.name,
      choices: this.#engine.choices,
      settings: outcomeSettings(settings),
    };
    this.#saved = performance.now();
    try {
      const model = this.#model(state);
      if (isBest) this.#owed = model;
      if (this.#owed) await writeModel(join(folder, BEST_FILE), this.#owed);
      this.#owed = undefined;
      if (known) await writeModel(join(folder, LAST_FILE), model);
      await writeCheckpoint(folder, { run, model, state });
      this.#onEvent({ type: 'checkpoint', seconds: (performance.now() - started) / 1000 });
    } catch (error) {
      if (!(error instanceof MicroYoloError) || error.code !== 'not-writable') throw error;
      // A full disk may be emptied: the run goes on and tries again.
      this.#onEvent({ type: 'checkpoint-failed', message: error.message });
    }
  }
}

/**
 * Trains a detector. Everything that happens is told as an event; checkpoints and models go to the folder.
 * @throws MicroYoloError where the data cannot be used, or the loss is no finite number
 */
export function train(
  run: TrainingRun,
  onEvent: (event: TrainingEvent) => void = () => {},
): Promise<TrainingResult> {
  return new Trainer(run, onEvent).train();
}
