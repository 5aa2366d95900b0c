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
  /** Layers that learn feature maps of a teacher. */
  readonly hints: HintsAt;
  /** Whether to fail if no GPU computes the steps. @default false */
  readonly requireGpu: boolean | undefined;
  readonly room: BoxRoom;
  /** Chosen algorithms from before a resume, by input size. */
  readonly choices: Readonly<Record<string, EngineChoices>>;
  readonly onNote: (message: string) => void;
}

export const sizeKey = ({ width, height }: Size) => `${width}x${height}`;

/**
 * Engine of a run with a variable input size. A session takes about a gigabyte, so there is only one at a time. The
 * state is carried over.
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

  /** Chosen algorithm for each gradient, by input size. */
  get choices(): Readonly<Record<string, EngineChoices>> {
    return this.#choices;
  }

  get current(): TrainingEngine {
    if (!this.#current) throw new Error('no engine yet');
    return this.#current.engine;
  }

  /**
   * Creates the engine for a size, with the current state.
   * @param start initial weights, or a whole state
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
      // Later sizes reuse the engine chosen first, without repeating its notes.
      engine: this.#name ?? wanted,
      tune: tune && !this.#choices[key],
      requireGpu,
      threads: threads ?? undefined,
      choices: this.#choices[key] as CreateEngineOptions['choices'],
      onNote: this.#name === undefined ? onNote : undefined,
    });
    if (start) await this.#checkLargest(engine);
    // Keep earlier choices: an engine without choices may be replaced by the previous one in a later resume.
    this.#choices[key] = { ...this.#choices[key], ...choices };
    this.#current = { key, engine };
    this.#name = engine.name as EngineName;
    return engine;
  }

  /** Checks memory for the largest size before the run starts, so that a later size does not end it. */
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
