import { type Size, squareSize } from '../../boxes/formats.ts';
import { checkMemory } from '../../executors/step/memory.ts';
import type { EngineName } from '../../executors/step/names.ts';
import { type CreateEngineOptions, createEngine } from '../../executors/step/select.ts';
import type { TrainingEngine } from '../../executors/step/step-executor.ts';
import type { Tensors } from '../../graph/operations.ts';
import { withInputSize } from '../../network/shapes.ts';
import type { BoxRoom } from '../losses/detection-loss.ts';
import { frozenLayers } from '../step/frozen-layers.ts';
import { buildTrainingStep, initialState, type TrainingStep } from '../step/step.ts';
import { hintsOf } from '../teacher/hints.ts';
import { lossOptions } from './loss-options.ts';
import type { TrainingRun } from './run.ts';

export type EngineChoices = Readonly<Record<string, string>>;

export interface SizedEngineOptions {
  readonly run: TrainingRun;
  readonly room: BoxRoom;
  /** By input size, from an earlier part of the run. */
  readonly choices: Readonly<Record<string, EngineChoices>>;
  readonly onNote: (message: string) => void;
}

export const sizeKey = ({ width, height }: Size) => `${width}x${height}`;

/**
 * The engine of a run whose input changes its size: one session at a time, for each takes a gigabyte; the
 * state moves on.
 */
export class SizedEngine implements AsyncDisposable {
  readonly #options: SizedEngineOptions;
  #current: { readonly key: string; readonly engine: TrainingEngine } | undefined;
  #choices: Record<string, EngineChoices>;
  #name: EngineName | undefined;

  constructor(options: SizedEngineOptions) {
    this.#options = options;
    this.#choices = { ...options.choices };
  }

  /** Which form computes each gradient, by input size. */
  get choices(): Readonly<Record<string, EngineChoices>> {
    return this.#choices;
  }

  get current(): TrainingEngine {
    if (!this.#current) throw new Error('no engine yet');
    return this.#current.engine;
  }

  /**
   * Makes the engine for a size, with the state so far.
   * @param start weights, or a whole state, to begin with
   */
  async resize(input: Size, start?: Tensors): Promise<TrainingEngine> {
    const key = sizeKey(input);
    if (this.#current?.key === key && !start) return this.#current.engine;
    const { run, onNote } = this.#options;
    const { engine: wanted, tune, threads, batch } = run.settings;
    const step = this.#step(input);
    const given = start ?? (await this.current.readState());
    const isWhole = [...step.state.keys()].every((name) => given.has(name));
    await this[Symbol.asyncDispose]();
    const { engine, choices } = await createEngine(step, batch, isWhole ? given : initialState(step, given), {
      // What was chosen once needs no choice, and no word about it, at each size.
      engine: this.#name ?? wanted,
      tune: tune && !this.#choices[key],
      requireGpu: run.requireGpu,
      threads: threads ?? undefined,
      choices: this.#choices[key] as CreateEngineOptions['choices'],
      onNote: this.#name === undefined ? onNote : undefined,
    });
    if (start) await this.#checkLargest(engine);
    // Another engine has none: those of before are for the way back.
    this.#choices[key] = { ...this.#choices[key], ...choices };
    this.#current = { key, engine };
    this.#name = engine.name as EngineName;
    return engine;
  }

  /** Before the run: a size that comes later must not end it. */
  async #checkLargest(engine: TrainingEngine): Promise<void> {
    const { settings, network } = this.#options.run;
    if (settings.multiScale === null || engine.device.kind !== 'cpu') return;
    const [, height, width] = network.input;
    const sizes = [{ width, height }, ...settings.multiScale.sizes.map(squareSize)];
    const largest = sizes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
    try {
      checkMemory(this.#step(largest).graph, settings.batch);
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
  }

  #step(input: Size): TrainingStep {
    const { width, height } = input;
    const { run, room } = this.#options;
    const { settings, network, recipe } = run;
    const { batch, accumulate, optimizer } = settings;
    const { colorOrder, mean, std } = recipe;
    const sized = withInputSize(network, width, height);
    const hints =
      run.teacher?.maps && settings.loss.gains.hint > 0
        ? new Map(
            hintsOf(sized, run.teacher.maps(input), settings.hints).map(({ layer, channels }) => [
              layer,
              channels,
            ]),
          )
        : undefined;
    return buildTrainingStep(sized, {
      batch,
      ...room,
      optimizer: optimizer.kind,
      accumulate: accumulate > 1,
      loss: lossOptions(run),
      distill: settings.teacher !== null,
      hints,
      frozen: frozenLayers(settings.freeze),
      keepZeros: settings.constraint !== 'none',
      pixels: { colorOrder, mean, std },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#current?.engine[Symbol.asyncDispose]();
    this.#current = undefined;
  }
}
