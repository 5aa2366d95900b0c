import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { networkCost } from '../../network/cost.ts';
import type { Journal } from '../journal.ts';
import { endPruning } from './end-pruning.ts';
import { type End, type Figures, PASSES, type PruneLine } from './lines.ts';
import { narrow, narrower, type Prunable, type Width, widths } from './thin-model.ts';
import { figuresOf, type PruneWorld } from './world.ts';

export interface ProgressiveOptions {
  readonly block: number;
  /** Share of a group's width that a coarse step removes. */
  readonly coarse: number;
  /** AP50 that may be lost, 0–1. */
  readonly maxDrop: number;
  readonly ends: readonly End[];
}

/** State of pruning, computed from the journal's lines. */
interface State {
  readonly start: Figures | undefined;
  readonly file: string | undefined;
  readonly figures: Figures | undefined;
  readonly trials: number;
  readonly pass: (typeof PASSES)[number];
  /** Groups that lost too much accuracy in this pass. */
  readonly frozen: ReadonlySet<string>;
}

function stateOf(lines: readonly PruneLine[]): State {
  let state: State = {
    ...{ start: undefined, file: undefined, figures: undefined, trials: 0 },
    ...{ pass: 'coarse', frozen: new Set<string>() },
  };
  for (const line of lines) {
    if (line.type === 'start') state = { ...state, start: line, figures: line };
    if (line.type !== 'trial' || line.pass === 'netadapt') continue;
    const frozen = line.pass === state.pass ? new Set(state.frozen) : new Set<string>();
    if (!line.accepted) frozen.add(line.group);
    const kept = line.accepted ? { file: line.model!, figures: line } : {};
    state = { ...state, ...kept, trials: line.trial, pass: line.pass, frozen };
  }
  return state;
}

interface Step {
  readonly pass: (typeof PASSES)[number];
  readonly width: Width;
  readonly to: number;
}

/** Returns the remaining step that saves the most time. The fine pass follows the coarse one. */
async function nextStep<Model extends Prunable>(
  model: Model,
  state: State,
  { block, coarse }: ProgressiveOptions,
  world: PruneWorld<Model>,
): Promise<Step | undefined> {
  for (const pass of PASSES.slice(PASSES.indexOf(state.pass))) {
    const frozen = pass === state.pass ? state.frozen : new Set<string>();
    let best: (Step & { readonly ms: number; readonly macs: number }) | undefined;
    for (const width of widths(model.network)) {
      if (frozen.has(width.group.name)) continue;
      const to = narrower(width, block, pass === 'coarse' ? coarse : 0);
      if (to === undefined) continue;
      // The time does not depend on which channels are removed.
      const { network } = narrow(model, width, to, { kind: 'l1', seed: 0 });
      const [ms, { macs }] = [await world.time(network), networkCost(network)];
      if (!best || ms < best.ms || (ms === best.ms && macs < best.macs)) best = { pass, width, to, ms, macs };
    }
    if (best) return best;
  }
  return undefined;
}

/**
 * Makes a network thinner layer by layer: first in coarse steps, then in fine steps of one block. Each step is followed
 * by a short training. It is kept if AP50 stays within the tolerance. Otherwise it is undone, and the layer is not
 * changed again in this pass. At the end, the network is trained for longer, and once from scratch. This is a
 * reconstruction, because the Micro-YOLO paper (https://doi.org/10.5220/0010234401510158) shows its pseudocode as an
 * image. All events are written to the journal, from which the work can continue.
 * @returns the last line, or undefined if it was interrupted
 * @throws MicroYoloError `unsupported` if nothing can be removed
 */
export async function pruneProgressively<Model extends Prunable>(
  journal: Journal<PruneLine>,
  options: ProgressiveOptions,
  world: PruneWorld<Model>,
  onLine: (line: PruneLine) => void,
): Promise<PruneLine | undefined> {
  const add = async (line: PruneLine) => {
    await journal.add(line);
    onLine(line);
  };
  const last = journal.lines.at(-1);
  if (last?.type === 'done') return last;
  const first = await world.load();
  if (widths(first.network).every((width) => narrower(width, options.block, 0) === undefined)) {
    throw new MicroYoloError(
      'unsupported',
      `${first.network.name}: none of its layers has more than ${options.block} channels that can be removed; it cannot be pruned further`,
    );
  }
  if (!last) await add({ type: 'start', ...(await figuresOf(world, first.network, undefined)) });
  for (;;) {
    if (world.isInterrupted) return undefined;
    const state = stateOf(journal.lines);
    const hasEnds = journal.lines.some(({ type }) => type === 'end');
    const model = await world.load(state.file);
    const step = hasEnds ? undefined : await nextStep(model, state, options, world);
    if (!step) {
      if (state.file === undefined) {
        throw new MicroYoloError(
          'unsupported',
          `${model.network.name}: none of ${state.trials} steps stayed within the tolerance, so nothing is written; train longer between steps, or allow a larger drop`,
        );
      }
      return await endPruning(journal.lines, model, state, options.ends, world, add);
    }
    const trial = state.trials + 1;
    const { pass, width, to } = step;
    const importance = await world.importance(model, trial);
    if (world.isInterrupted) return undefined;
    const name = `${String(trial).padStart(3, '0')}-${width.group.name}-${to}`;
    const file = await world.train(narrow(model, width, to, importance), 'trial', name);
    if (file === undefined) return undefined;
    const figures = await figuresOf(world, (await world.load(file)).network, file);
    const accepted = figures.AP50 >= state.start!.AP50 - options.maxDrop;
    await add({
      ...{ type: 'trial', trial, pass, group: width.group.name, from: width.channels, to, accepted },
      ...{ model: accepted ? file : null, ...figures },
    });
    await world.forget(accepted ? (state.file ?? '') : file);
  }
}
