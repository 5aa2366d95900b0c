import type { Journal } from '../../compression/journal.ts';
import { endPruning } from '../../compression/prune/end-pruning.ts';
import type { End, PruneLine } from '../../compression/prune/lines.ts';
import { adaptNetwork } from '../../compression/prune/netadapt.ts';
import { pruneOnce } from '../../compression/prune/one-shot.ts';
import { figuresOf } from '../../compression/prune/world.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Model } from '../../models/model.ts';
import { networkCost } from '../../network/cost.ts';
import type { LatencyMeter } from '../latency/meter.ts';
import { type PruneOptions, parseTarget } from './options.ts';
import type { PruneWorkshop } from './world.ts';

/** Parts shared by the ways to prune. */
export interface PruneParts {
  readonly journal: Journal<PruneLine>;
  readonly world: PruneWorkshop;
  readonly model: Model;
  readonly meter: LatencyMeter;
  readonly block: number;
  readonly ends: readonly End[];
  readonly onLine: (line: PruneLine) => void;
  readonly onNote: (message: string) => void;
}

const inG = (macs: number) => `${Number((macs / 1e9).toPrecision(4))} G`;
const inMs = (ms: number) => `${Number(ms.toPrecision(4))} ms`;

/** Prunes in one step, then trains the result. */
export async function pruneToTarget(
  { ms, macs }: PruneOptions,
  { journal, world, model, meter, block, ends, onLine }: PruneParts,
): Promise<PruneLine | undefined> {
  const known = journal.lines.at(-1);
  if (known?.type === 'done') return known;
  if (ends.length === 0) {
    throw new MicroYoloError(
      'invalid-argument',
      'finalEpochs 0 and scratchEpochs 0: a network pruned in one step needs training; expected one above 0',
    );
  }
  const cost = async (network: Model['network']) =>
    ms !== undefined ? await meter.predict(network) : networkCost(network).macs;
  const whole = await cost(model.network);
  const target = ms !== undefined ? parseTarget('ms', ms, whole) : parseTarget('macs', macs!, whole);
  const add = async (line: PruneLine) => {
    await journal.add(line);
    onLine(line);
  };
  const importance = await world.importance(model, 0);
  if (world.isInterrupted) return undefined;
  const limit = {
    option: ms === undefined ? 'macs' : 'ms',
    value: target,
    show: ms === undefined ? inG : inMs,
  };
  const pruned = await pruneOnce(model, { block, importance, cost, target: limit });
  if (!known) await add({ type: 'start', ...(await figuresOf(world, model.network, undefined)) });
  if (world.isInterrupted) return undefined;
  return await endPruning(
    journal.lines,
    pruned,
    { file: undefined, figures: undefined, trials: 0 },
    ends,
    world,
    add,
  );
}

/** Prunes in NetAdapt rounds. */
export async function adaptToTarget(
  given: number | string,
  { journal, world, model, meter, block, ends, onLine, onNote }: PruneParts,
): Promise<PruneLine | undefined> {
  const whole = await meter.predict(model.network);
  const target = parseTarget('netadapt', given, whole);
  if (target >= whole) {
    throw new MicroYoloError(
      'invalid-argument',
      `netadapt ${given}: ${model.network.name} already takes ${whole.toFixed(2)} ms, expected a smaller target`,
    );
  }
  return await adaptNetwork(journal, { block, ends, target, onNote }, world, onLine);
}
