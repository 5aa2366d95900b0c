import { isInterruption } from '../../foundation/abort.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Network } from '../../network/layers.ts';
import type { Prunable } from '../prune/thin-model.ts';
import { LEAST_SAVING, savings } from './choose-moves.ts';
import type { Precision, StartLine } from './lines.ts';
import { placeOf } from './moves.ts';
import { proposeMoves } from './propose-moves.ts';
import { costOf, type OptimizeWorld } from './world.ts';

export interface StartOptions {
  /** Precision of the files: the one with the lower predicted time, or a fixed one. */
  readonly precision: 'fastest' | Precision;
  /** Channels per block for a precision. Widths and ranks stay multiples of it. */
  readonly blockOf: (precision: Precision) => number;
  /**
   * Target in milliseconds, or undefined if there is none.
   * @param ms time of the first model, in milliseconds
   * @throws MicroYoloError if the target is invalid
   */
  readonly targetOf: (ms: number) => number | undefined;
}

async function choosePrecision<Model extends Prunable>(
  { precision }: StartOptions,
  network: Network,
  world: OptimizeWorld<Model>,
): Promise<Pick<StartLine, 'precision' | 'predicted'>> {
  const float32 = (await world.predict(network, 'float32'))!;
  const int8 = precision === 'float32' ? undefined : await world.predict(network, 'int8');
  if (int8 === undefined && precision === 'int8') {
    throw new MicroYoloError(
      'unsupported',
      `${network.name}: none of its layers can be in 8 bits; choose another precision`,
      { field: 'precision', received: precision },
    );
  }
  const isInt8 = int8 !== undefined && (precision === 'int8' || int8 < float32);
  return isInt8 ? { precision: 'int8', predicted: int8 } : { precision: 'float32', predicted: float32 };
}

/**
 * Returns the kernels that do not get faster if they are cropped or decomposed. Returns none if the time for steps ends
 * before all are timed.
 * @throws MicroYoloError `unsupported` if nothing makes the network faster
 */
async function idlePlaces<Model extends Prunable>(
  model: Model,
  { precision, predicted }: Pick<StartLine, 'precision' | 'predicted'>,
  { blockOf }: StartOptions,
  world: OptimizeWorld<Model>,
): Promise<string[]> {
  const moves = proposeMoves(model, blockOf(precision));
  const predict = async (moved: Network) => (await world.predict(moved, precision))!;
  let saving: Awaited<ReturnType<typeof savings>>;
  try {
    saving = await world.inTime(() => savings(model, moves, predicted, predict, world));
  } catch (error) {
    if (!isInterruption(error) || world.isInterrupted) throw error;
    return [];
  }
  const paying = saving.filter(([, saved]) => saved > LEAST_SAVING * predicted);
  if (paying.length === 0 && precision === 'float32') {
    throw new MicroYoloError(
      'unsupported',
      `${model.network.name}: fewer channels, smaller kernels and factors make none of its layers faster; there is nothing to optimize`,
    );
  }
  const active = new Set(paying.map(([move]) => placeOf(move)));
  // A group may get faster with a further block. A kernel that saves nothing now never will.
  const kernels = moves.filter(({ kind }) => kind !== 'width').map(placeOf);
  return [...new Set(kernels)].filter((place) => !active.has(place));
}

/**
 * Measures the first model.
 * @returns the first line of a journal, without its time stamp
 * @throws MicroYoloError `unsupported` if no change makes it faster
 */
export async function startLine<Model extends Prunable>(
  options: StartOptions,
  world: OptimizeWorld<Model>,
): Promise<Omit<StartLine, 'seconds'>> {
  const { ms } = await world.time(world.first);
  options.targetOf(ms);
  const model = await world.load(world.first);
  const chosen = await choosePrecision(options, model.network, world);
  const idle = await idlePlaces(model, chosen, options, world);
  const figures = { ...costOf(model.network), ...(await world.figures(world.first)) };
  return { type: 'start', ...figures, ms, ...chosen, idle };
}
