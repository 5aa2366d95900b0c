import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Network } from '../../network/layers.ts';
import type { Journal } from '../journal.ts';
import { endPruning } from './end-pruning.ts';
import type { PruneLine } from './lines.ts';
import type { ProgressiveOptions } from './progressive.ts';
import { narrow, narrower, type Prunable, type Width, widths } from './thin-model.ts';
import { figuresOf, type PruneWorld } from './world.ts';

export interface NetAdaptOptions extends Pick<ProgressiveOptions, 'block' | 'ends'> {
  /** Target time, in milliseconds. */
  readonly target: number;
  /** Called with a note if the target cannot be reached. */
  onNote(message: string): void;
}

/** Share of the first network's time that the first round saves. Each further round saves slightly less. */
const FIRST_SAVING = 0.025;
const SAVING_DECAY = 0.96;

/** Target of a round in milliseconds. Rounds are counted from 1. */
export function roundTarget(round: number, before: number, first: number): number {
  return before - FIRST_SAVING * first * SAVING_DECAY ** (round - 1);
}

/** Returns the largest width of a group at which the network is fast enough. Undefined if there is none. */
async function widest<Model extends Prunable>(
  model: Model,
  width: Width,
  { block }: NetAdaptOptions,
  fits: (network: Network) => Promise<boolean>,
): Promise<number | undefined> {
  let current = width;
  for (;;) {
    const channels = narrower(current, block, 0);
    if (channels === undefined) return undefined;
    // The time does not depend on which channels are removed.
    const { network } = narrow(model, width, channels, { kind: 'l1', seed: 0 });
    if (await fits(network)) return channels;
    current = { ...width, channels };
  }
}

/**
 * NetAdapt (https://arxiv.org/abs/1804.03230). In each round, every group of channels is narrowed separately until the
 * predicted time meets the round's target. Each candidate is trained briefly, and the one that loses least is kept. At
 * the end, the network is trained for longer. All events are written to the journal, from which the work can continue.
 * @returns the last line, or undefined if it was interrupted
 * @throws MicroYoloError `invalid-argument` if the target cannot be reached
 */
export async function adaptNetwork<Model extends Prunable>(
  journal: Journal<PruneLine>,
  options: NetAdaptOptions,
  world: PruneWorld<Model>,
  onLine: (line: PruneLine) => void,
): Promise<PruneLine | undefined> {
  const add = async (line: PruneLine) => {
    await journal.add(line);
    onLine(line);
  };
  const { lines } = journal;
  const last = lines.at(-1);
  if (last?.type === 'done') return last;
  const { network } = await world.load();
  if (!last) await add({ type: 'start', ...(await figuresOf(world, network, undefined)) });
  const start = lines.find((line) => line.type === 'start')!;
  const finish = (last: Extract<PruneLine, { readonly type: 'round' }> | undefined, model: Model) => {
    const trials = lines.filter(({ type }) => type === 'trial').length;
    return endPruning(lines, model, { file: last?.model, figures: last, trials }, options.ends, world, add);
  };
  for (;;) {
    if (world.isInterrupted) return undefined;
    const rounds = lines.filter((line) => line.type === 'round');
    const before = rounds.at(-1);
    const model = await world.load(before?.model);
    if ((before?.ms ?? start.ms) <= options.target) {
      return await finish(before, model);
    }
    const round = rounds.length + 1;
    const target = Math.max(options.target, roundTarget(round, before?.ms ?? start.ms, start.ms));
    const tried = () => lines.filter((line) => line.type === 'trial').filter((line) => line.round === round);
    for (const width of widths(model.network)) {
      const { name: group } = width.group;
      if (tried().some((line) => line.group === group)) continue;
      const to = await widest(model, width, options, async (thin) => (await world.time(thin)) <= target);
      if (to === undefined) continue;
      const trial = lines.filter(({ type }) => type === 'trial').length + 1;
      const importance = await world.importance(model, trial);
      if (world.isInterrupted) return undefined;
      const name = `${String(trial).padStart(3, '0')}-${group}-${to}`;
      const file = await world.train(narrow(model, width, to, importance), 'trial', name);
      if (file === undefined) return undefined;
      const figures = await figuresOf(world, (await world.load(file)).network, file);
      const step = { trial, pass: 'netadapt', round, group, from: width.channels, to } as const;
      await add({ type: 'trial', ...step, accepted: false, model: file, ...figures });
      if (world.isInterrupted) return undefined;
    }
    const best = tried().toSorted((a, b) => b.AP50 - a.AP50)[0];
    if (!best && before) {
      const missed = `${before.ms.toFixed(2)} ms is the least that NetAdapt reaches, more than the target ${options.target.toFixed(2)} ms`;
      options.onNote(`${missed}: no group can save the next round's time`);
      return await finish(before, model);
    }
    if (!best) {
      throw new MicroYoloError(
        'invalid-argument',
        `target ${options.target.toFixed(2)} ms: no group of ${network.name} can save the ${(start.ms * FIRST_SAVING).toFixed(3)} ms of the first round; the network is too small to prune`,
      );
    }
    const { group, model: file, parameters, macs, ms, AP50 } = best;
    await add({ type: 'round', round, group, model: file!, parameters, macs, ms, AP50 });
    for (const other of tried()) if (other !== best) await world.forget(other.model!);
    if (before) await world.forget(before.model);
  }
}
