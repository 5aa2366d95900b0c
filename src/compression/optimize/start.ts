import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Network } from '../../network/layers.ts';
import type { Prunable } from '../prune/thin-model.ts';
import { LEAST_SAVING, savings } from './choose-moves.ts';
import type { Precision, StartLine } from './lines.ts';
import { placeOf } from './moves.ts';
import { proposeMoves } from './propose-moves.ts';
import { costOf, type OptimizeWorld } from './world.ts';

export interface StartOptions {
  /** What files compute in: the faster of both by the table, or one of them. */
  readonly precision: 'fastest' | Precision;
  /** Channels in a block in a precision: widths and ranks stay multiples of it. */
  readonly blockOf: (precision: Precision) => number;
  /**
   * Milliseconds to come down to; undefined if none are asked for.
   * @param ms of the first model
   * @throws MicroYoloError if they make no sense
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
 * Measures the first model.
 * @returns the first line of a journal, without its time
 * @throws MicroYoloError `unsupported` if no change makes it faster
 */
export async function startLine<Model extends Prunable>(
  options: StartOptions,
  world: OptimizeWorld<Model>,
): Promise<Omit<StartLine, 'seconds'>> {
  const model = await world.load(world.first);
  const { network } = model;
  const chosen = await choosePrecision(options, network, world);
  const { precision, predicted } = chosen;
  const moves = proposeMoves(model, options.blockOf(precision));
  const predict = async (moved: Network) => (await world.predict(moved, precision))!;
  const saving = await savings(model, moves, predicted, predict, world);
  const paying = saving.filter(([, saved]) => saved > LEAST_SAVING * predicted);
  if (paying.length === 0 && precision === 'float32') {
    throw new MicroYoloError(
      'unsupported',
      `${network.name}: fewer channels, smaller kernels and factors make none of its layers faster; there is nothing to optimize`,
    );
  }
  const active = new Set(paying.map(([move]) => placeOf(move)));
  // A group may get faster by a later block; a kernel that saves nothing now never will.
  const idle = moves.filter(({ kind }) => kind !== 'width').map(placeOf);
  const figures = await world.figures(world.first);
  const { ms } = await world.time(world.first);
  options.targetOf(ms);
  return {
    ...{ type: 'start', ...costOf(network), ...figures, ms, ...chosen },
    idle: [...new Set(idle)].filter((place) => !active.has(place)),
  };
}
