import { isInterruption } from '../../foundation/abort.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Journal } from '../journal.ts';
import type { Prunable } from '../prune/thin-model.ts';
import { bestFile } from './best-file.ts';
import { chooseMoves } from './choose-moves.ts';
import { isFileDue, reasonToStop } from './decisions.ts';
import type { OptimizeLine, OptimizeOutcome } from './lines.ts';
import { trialName } from './moves.ts';
import { type StartOptions, startLine } from './start.ts';
import { type State, stateOf } from './state.ts';
import { costOf, type OptimizeWorld } from './world.ts';

export interface WalkOptions extends StartOptions {
  /** AP50 that may be lost, 0–1. */
  readonly maxDrop: number;
  /** Whether the last model is trained for longer at the end. */
  readonly isTuned: boolean;
}

/** A line without its time stamp. */
type Unstamped<Line = OptimizeLine> = Line extends OptimizeLine ? Omit<Line, 'seconds'> : never;

/** Smaller differences in AP50 are rounding errors. */
const ROUNDING = 1e-9;

/** Searches step by step for a faster network, and keeps a journal. */
class Walk<Model extends Prunable> {
  readonly #journal: Journal<OptimizeLine>;
  readonly #options: WalkOptions;
  readonly #world: OptimizeWorld<Model>;
  readonly #onLine: (line: OptimizeLine) => void;
  #hasTimeToTune = true;

  constructor(
    journal: Journal<OptimizeLine>,
    options: WalkOptions,
    world: OptimizeWorld<Model>,
    onLine: (line: OptimizeLine) => void,
  ) {
    this.#journal = journal;
    this.#options = options;
    this.#world = world;
    this.#onLine = onLine;
  }

  async run(): Promise<OptimizeOutcome | undefined> {
    const before = this.#journal.lines.findLast(({ type }) => type !== 'pause');
    if (before?.type === 'stop' && before.why === 'minutes' && !this.#world.isLate) {
      await this.#add({ type: 'extended' });
    }
    for (;;) {
      const last = this.#journal.lines.at(-1);
      if (last?.type === 'done') return last;
      try {
        if (this.#world.isInterrupted) throw new MicroYoloError('interrupted', 'the search was interrupted');
        await this.#advance();
      } catch (error) {
        if (!isInterruption(error)) throw error;
        if (this.#world.isInterrupted) {
          if (last) await this.#add({ type: 'pause' });
          return undefined;
        }
        await this.#add({ type: 'stop', why: 'minutes' });
      }
    }
  }

  /** Adds the next line. */
  async #advance(): Promise<void> {
    const { lines } = this.#journal;
    const world = this.#world;
    const start = lines.find((line) => line.type === 'start');
    if (!start) return await this.#add(await startLine(this.#options, world));
    const state = stateOf(start, lines, world.first);
    const target = this.#options.targetOf(start.ms);
    if (isFileDue(state, target)) return await this.#writeFile(state, state.at.file, false);
    if (state.stop === undefined) {
      const why = reasonToStop(state, target, world.isLate);
      if (why) return await this.#add({ type: 'stop', why });
      return await world.inTime(() => this.#step(state, target));
    }
    const { tuned, at, files } = state;
    const isTuning = this.#options.isTuned && this.#hasTimeToTune && at.step > 0;
    if (isTuning && !tuned) return await this.#tune(state);
    if (tuned && tuned.AP50 > at.AP50 && !files.some((file) => file.tuned)) {
      return await this.#writeFile(state, tuned.model, true);
    }
    await this.#finish(state, target);
  }

  async #add(line: Unstamped): Promise<void> {
    const stamped = { ...line, seconds: Number(this.#world.seconds.toFixed(1)) } as OptimizeLine;
    await this.#journal.add(stamped);
    this.#onLine(stamped);
  }

  /** AP50 that a model needs. */
  #least({ start }: State): number {
    return start.AP50 - this.#options.maxDrop;
  }

  async #step(state: State, target: number | undefined): Promise<void> {
    const world = this.#world;
    const enough = target === undefined ? 0 : target / state.slowness;
    const chosen = await chooseMoves(state, this.#options.blockOf(state.start.precision), enough, world);
    if (!chosen) return await this.#add({ type: 'stop', why: 'smallest' });
    const { moves, model, predicted } = chosen;
    const step = state.steps + 1;
    const file = await world.train(model, 'trial', trialName(step, moves));
    if (file === undefined) throw new MicroYoloError('interrupted', 'the training was interrupted');
    const figures = { ...costOf(model.network), ...(await world.figures(file)) };
    // Reserves AP50 for the loss to 8 bits, but not more than half of the tolerance, because sensitive layers can stay
    // in float.
    const reserve = Math.min(state.int8Loss, this.#options.maxDrop / 2);
    const accepted = figures.AP50 >= this.#least(state) + reserve - ROUNDING;
    const kept = accepted ? file : null;
    await this.#add({ type: 'step', step, moves: [...moves], accepted, model: kept, ...figures, predicted });
    if (!accepted) return await world.forget(file);
    const { at, files } = state;
    if (at.step > 0 && !files.some((each) => each.step === at.step)) await world.forget(at.file);
  }

  async #writeFile(state: State, from: string, tuned: boolean): Promise<void> {
    const { start, at } = state;
    const world = this.#world;
    const AP50 = tuned ? state.tuned!.AP50 : at.AP50;
    const name = tuned ? 'tuned' : `step-${String(at.step).padStart(2, '0')}`;
    const request = { from, name, precision: start.precision, maxDrop: AP50 - this.#least(state) };
    const { model, precision } = await world.write(request);
    const figures = await world.figures(model);
    const { network } = await world.load(from);
    const { speedup } = await world.time(model);
    await this.#add({
      ...{ type: 'file', model, step: at.step, tuned, precision },
      // Machines have slow phases. Times from different phases are compared through the speedup.
      ...{ ...costOf(network), ...figures, ms: start.ms / speedup, speedup },
      within: figures.AP50 >= this.#least(state) - ROUNDING,
    });
  }

  async #tune({ at }: State): Promise<void> {
    const world = this.#world;
    const model = await world.load(at.file);
    const file = await world.train(model, 'tuned', 'tuned');
    if (file !== undefined) {
      const figures = { ...costOf(model.network), ...(await world.figures(file)) };
      await this.#add({ type: 'tuned', model: file, ...figures });
    } else if (world.isInterrupted) throw new MicroYoloError('interrupted', 'the training was interrupted');
    else this.#hasTimeToTune = false;
  }

  async #finish(state: State, target: number | undefined): Promise<void> {
    const { lines } = this.#journal;
    const { files, stop, tuned } = state;
    const best = bestFile(files, target);
    if (!best) throw this.#failure(state);
    const source = lines.find((line) => line.type === 'step' && line.accepted && line.step === best.step);
    const float = best.tuned ? tuned!.model : source?.type === 'step' ? source.model! : this.#world.first;
    const written = await this.#world.finish(best.model, float, lines);
    const { parameters, macs, bytes, AP, AP50, ms, speedup, precision } = best;
    await this.#add({
      ...{ type: 'done', ...written, copied: best.model, why: stop! },
      reached: target === undefined || ms <= target,
      ...{ precision, parameters, macs, bytes, AP, AP50, ms, speedup },
    });
  }

  #failure({ start, files, steps, stop }: State): MicroYoloError {
    const points = `${(100 * this.#options.maxDrop).toPrecision(3)} points of AP50 (${(100 * start.AP50).toFixed(2)} %)`;
    const remedy = 'train longer between steps, or allow a larger drop';
    const tried =
      stop === 'minutes' && steps === 0
        ? 'there was no time for a step, so nothing is written; allow more minutes'
        : `none of ${steps} steps and ${files.length} files stayed within ${points}, so nothing is written; ${remedy}`;
    return new MicroYoloError('unsupported', tried);
  }
}

/**
 * Makes a network faster, in the style of NetAdapt (https://arxiv.org/abs/1804.03230). It narrows groups of channels,
 * crops and decomposes kernels, and uses 8 bits. Each step takes the changes that damage the outputs least per
 * predicted millisecond saved, and trains briefly. It is rejected if AP50 falls below the tolerance. Along the way,
 * files are written, timed and evaluated. The result is the best file. All events are written to the journal, from
 * which the search can continue.
 * @returns the last line, or undefined if it was interrupted
 * @throws MicroYoloError `unsupported` if nothing can be made faster, or no file is within the tolerance
 */
export function optimizeNetwork<Model extends Prunable>(
  journal: Journal<OptimizeLine>,
  options: WalkOptions,
  world: OptimizeWorld<Model>,
  onLine: (line: OptimizeLine) => void,
): Promise<OptimizeOutcome | undefined> {
  return new Walk(journal, options, world, onLine).run();
}
