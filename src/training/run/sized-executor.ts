import { type Size, squareSize } from '../../boxes/formats.ts';
import { checkMemory } from '../../executors/step/memory.ts';
import type { EngineName } from '../../executors/step/names.ts';
import { type CreateEngineOptions, createEngine } from '../../executors/step/select.ts';
import type { TrainingEngine } from '../../executors/step/step-executor.ts';
import type { Tensors } from '../../graph/operations.ts';
import type { InputRecipe } from '../../models/model.ts';
import type { Network } from '../../network/layers.ts';
import { withInputSize } from '../../network/shapes.ts';
import type { BoxRoom } from '../losses/detection-loss.ts';
import type { DetectionLossOptions } from '../losses/options.ts';
import { frozenLayers } from '../step/frozen-layers.ts';
import { initialState } from '../step/state.ts';
import { buildTrainingStep, type TrainingStep } from '../step/step.ts';
import type { HintsAt } from '../teacher/teach.ts';
import type { TrainingSettings } from './settings.ts';

export type EngineChoices = Readonly<Record<string, string>>;

export interface SizedExecutorOptions {
  readonly settings: TrainingSettings;
  readonly network: Network;
  readonly recipe: Pick<InputRecipe, 'colorOrder' | 'mean' | 'std'>;
  readonly loss: DetectionLossOptions;
  /** Layers that learn from maps of a teacher. */
  readonly hints: HintsAt;
  /** Fails if no GPU would compute the steps. @default false */
  readonly requireGpu: boolean | undefined;
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
export class SizedExecutor implements AsyncDisposable {
  readonly #options: SizedExecutorOptions;
  #current: { readonly key: string; readonly engine: TrainingEngine } | undefined;
  #choices: Record<string, EngineChoices>;
  #name: EngineName | undefined;

  constructor(options: SizedExecutorOptions) {
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
    const { settings, requireGpu, onNote } = this.#options;
    const { engine: wanted, tune, threads, batch } = settings;
    const step = this.#step(input);
    const given = start ?? (await this.current.readState());
    const isWhole = [...step.state.keys()].every((name) => given.has(name));
    await this[Symbol.asyncDispose]();
    const { engine, choices } = await createEngine(step, batch, isWhole ? given : initialState(step, given), {
      // What was chosen once needs no choice, and no word about it, at each size.
      engine: this.#name ?? wanted,
      tune: tune && !this.#choices[key],
      requireGpu,
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
    const { settings, network } = this.#options;
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
    const { settings, network, recipe, loss, hints, room } = this.#options;
    const { batch, accumulate, optimizer } = settings;
    const { colorOrder, mean, std } = recipe;
    const sized = withInputSize(network, width, height);
    const channels = hints(sized)?.map(
      ({ layer, channels, copied = false }) => [layer, { channels, copied }] as const,
    );
    return buildTrainingStep(sized, {
      batch,
      ...room,
      optimizer: optimizer.kind,
      accumulate: accumulate > 1,
      loss,
      distill: settings.teacher !== null,
      hints: channels && new Map(channels),
      frozen: frozenLayers(settings.freeze),
      quantization: settings.quantization ?? undefined,
      keepZeros: settings.constraint !== 'none',
      pixels: { colorOrder, mean, std },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#current?.engine[Symbol.asyncDispose]();
    this.#current = undefined;
  }
}
