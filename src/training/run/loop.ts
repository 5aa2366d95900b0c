import type { StepResult } from '../../executors/step/step-executor.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Tensors } from '../../graph/operations.ts';
import { IMAGE_INPUT } from '../../models/forward/photograph.ts';
import { TRUTH_CLASSES_INPUT, TRUTHS_INPUT } from '../heads/inputs.ts';
import type { LoadedBatch } from '../loader/loader.ts';
import type { EqualWeights } from '../step/equal-weights.ts';
import type { TrainingEvent } from './events.ts';
import { BEST_FILE, LAST_FILE, type RunFiles, type Saved } from './files.ts';
import type { RunProgress } from './progress.ts';
import type { EndReason, TrainingRun } from './run.ts';
import type { SizedExecutor } from './sized-executor.ts';

/** Number of batches at the start of a run that are shown. */
const SHOWN_BATCHES = 2;

/** Components of a training loop. */
export interface LoopParts {
  /** Images of the data set, for messages. */
  readonly images: readonly { readonly id: number; readonly fileName: string }[];
  /** Indices of unreadable images. */
  readonly unusable: readonly number[];
  /** Settings that affect the outcome, for the checkpoint. */
  readonly outcome: string;
  readonly progress: RunProgress;
  readonly engine: SizedExecutor;
  readonly files: RunFiles;
  /** Weights that must stay equal. @default none */
  readonly equal: EqualWeights | undefined;
  readonly evaluate: TrainingRun['evaluate'];
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: TrainingEvent) => void;
}

/** Trains batch by batch until the run ends. */
export class TrainingLoop {
  readonly #parts: LoopParts;
  /** The last epoch with an attempted evaluation. */
  #triedEpoch = 0;
  #hasOverflowed = false;

  constructor(parts: LoopParts) {
    this.#parts = parts;
  }

  /** @param prepare makes the next batch; called while the previous step runs */
  async run(prepare: () => Promise<LoadedBatch>): Promise<EndReason> {
    const { signal, progress, files } = this.#parts;
    const prepared = () => {
      const batch = prepare();
      // The failure is reported when the batch is awaited.
      batch.catch(() => {});
      return batch;
    };
    // A run that ended because of `patience` ends again when resumed.
    if (progress.isWaitOver && !progress.epochs.isUnderWay) return 'no-better';
    let asked = performance.now();
    let next = prepared();
    while (progress.share < 1 || this.#owesStep) {
      if (signal?.aborted) {
        await this.#save(undefined, [LAST_FILE]);
        files.checkSaved();
        return 'interrupted';
      }
      const batch = await next;
      const waiting = performance.now() - asked;
      next = prepared();
      await this.#step(batch, waiting);
      asked = performance.now();
      if (progress.position.batch === 0) {
        await this.#endEpoch();
        if (progress.isWaitOver) {
          files.checkSaved();
          return 'no-better';
        }
      } else if (files.isCheckpointDue) await this.#save();
    }
    if (progress.epochs.isUnderWay) await this.#endEpoch();
    files.checkSaved();
    return 'finished';
  }

  /**
   * Whether the run needs one more step although its time is over: if there was no step yet, or if the last epoch ended
   * before an evaluation was due. The end of the epoch with this step is then evaluated.
   */
  get #owesStep(): boolean {
    const { step, epochs } = this.#parts.progress;
    const isTried = epochs.isEvaluated || this.#triedEpoch === epochs.history.length;
    return step === 0 || (this.#parts.evaluate !== undefined && !epochs.isUnderWay && !isTried);
  }

  async #step(batch: LoadedBatch, waiting: number): Promise<void> {
    const { progress, images, onEvent } = this.#parts;
    const engine = await this.#parts.engine.resize(batch.input);
    const scalars = progress.scalars();
    if (progress.step < SHOWN_BATCHES) this.#show(batch);
    const result = await engine.step(batch.tensors, scalars);
    if (!result.accepted) await this.#stopUnfinite(batch, result);
    const { equal } = this.#parts;
    if (equal) await engine.writeState(equal.project(await engine.readState()));
    const { metrics, milliseconds } = result;
    progress.count(batch, metrics, milliseconds);
    if (batch.overflow > 0 && !this.#hasOverflowed) {
      this.#hasOverflowed = true;
      const message = `${batch.overflow} true or ignored boxes do not fit into a step and count as background; use fewer tiles per mosaic (results.csv: overflow)`;
      onEvent({ type: 'note', message });
    }
    for (const { image, message } of batch.skipped) {
      onEvent({ type: 'skipped', image: images[image]!.fileName, message });
    }
    onEvent({
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

  /** Emits a batch. Copies its data, because a step may transfer the buffers to another thread. */
  #show({ input, images, tensors }: LoadedBatch): void {
    const column = (name: string) => Float32Array.from(tensors[name]?.data ?? []);
    this.#parts.onEvent({
      type: 'batch',
      input,
      pixels: Uint8Array.from(tensors[IMAGE_INPUT]!.data),
      images: images.map((place) => this.#parts.images[place]!.fileName),
      boxes: column(TRUTHS_INPUT),
      classes: column(TRUTH_CLASSES_INPUT),
    });
  }

  /** Saves the state before the failed step, which is still valid, and ends the run with an error. */
  async #stopUnfinite(batch: LoadedBatch, { metrics }: StepResult): Promise<never> {
    await this.#save();
    const { images, progress } = this.#parts;
    const ids = batch.images.map((index) => images[index]!.id).join(', ');
    const parts = Object.entries(metrics).filter(([name]) => name !== 'finite');
    const values = parts.map(([name, value]) => `${name} ${value}`).join(', ');
    throw new MicroYoloError(
      'diverged',
      `step ${progress.step + 1}: the loss is NaN or infinite (${values}; image ids ${ids}); ` +
        'the state before it is saved: lower the learning rate or the gains, and start from its weights',
    );
  }

  /** Ends an epoch: evaluates if it is due, records the figures, and saves. */
  async #endEpoch(): Promise<void> {
    const { evaluate, progress, engine, files, onEvent } = this.#parts;
    const state = await engine.current.readState();
    const epoch = progress.epochs.history.length + 1;
    const isDue = evaluate !== undefined && progress.isEvaluationDue;
    if (isDue) {
      onEvent({ type: 'evaluating', epoch });
      this.#triedEpoch = epoch;
    }
    const metrics = isDue ? await evaluate(files.model(state), epoch) : undefined;
    const ended = progress.endEpoch(metrics);
    const { best } = progress.epochs;
    // Without any evaluation, the last model counts as the best.
    const isBest = ended.isBest || best === undefined;
    if (metrics || progress.share >= 1 || files.isEpochDue) {
      await this.#save(state, isBest ? [BEST_FILE, LAST_FILE] : [LAST_FILE], metrics);
    }
    // After the save, so that a listener that throws cannot lose the epoch.
    onEvent({ type: 'epoch', row: ended.row, best, isBest });
  }

  async #save(known?: Tensors, models: Saved['models'] = [], metrics?: Saved['metrics']): Promise<void> {
    const { engine, progress, files, unusable, outcome } = this.#parts;
    const state = known ?? (await engine.current.readState());
    const run = {
      ...progress.state(),
      version: 1,
      engine: engine.current.name,
      choices: engine.choices,
      unusable: unusable.slice(),
      settings: outcome,
    } as const;
    await files.save({ run, state, models, metrics });
  }
}
