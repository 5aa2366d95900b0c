import type { Network } from '../../network/layers.ts';
import type { Prunable } from '../prune/thin-model.ts';
import { type Move, movedModel, movedNetwork, placeOf } from './moves.ts';
import { proposeMoves } from './propose-moves.ts';
import type { State } from './state.ts';
import type { OptimizeWorld } from './world.ts';

/** A move that saves less than this share of the initial time is within measurement noise. */
export const LEAST_SAVING = 0.002;

interface Candidate {
  readonly move: Move;
  /** Predicted milliseconds that it saves. */
  readonly saved: number;
  readonly damage: number;
}

/** Moves, and the model after them. */
export interface ChosenMoves<Model> {
  readonly moves: readonly Move[];
  readonly model: Model;
  /** Predicted milliseconds. */
  readonly predicted: number;
}

/** Moves with the same subject exclude each other within a step. */
const subjectOf = (move: Move) => (move.kind === 'width' ? `width ${move.group}` : `layer ${move.layer}`);

/** Returns the predicted milliseconds that each move saves. */
export async function savings<Model extends Prunable>(
  { network }: Model,
  moves: readonly Move[],
  before: number,
  predict: (network: Network) => Promise<number>,
  world: OptimizeWorld<Model>,
): Promise<readonly (readonly [Move, number])[]> {
  const found: (readonly [Move, number])[] = [];
  for (const [place, move] of moves.entries()) {
    world.onProgress('timing changes', place, moves.length);
    const moved = movedNetwork(network, move);
    if (moved) found.push([move, before - (await predict(moved))]);
  }
  return found;
}

/**
 * Chooses the changes of the next step. They damage the outputs least per millisecond saved, and together save as much
 * as a step should.
 * @param enough predicted milliseconds that suffice
 * @returns undefined if no change saves time
 */
export async function chooseMoves<Model extends Prunable>(
  { start, at, saving, frozen, steps }: State,
  block: number,
  enough: number,
  world: OptimizeWorld<Model>,
): Promise<ChosenMoves<Model> | undefined> {
  const model = await world.load(at.file);
  const predict = async (network: Network) => (await world.predict(network, start.precision))!;
  const open = proposeMoves(model, block).filter((move) => !frozen.has(placeOf(move)));
  const faster = (await savings(model, open, at.predicted, predict, world)).filter(
    ([, saved]) => saved > LEAST_SAVING * start.predicted,
  );
  if (faster.length === 0) return undefined;
  const importance = await world.importance(model, steps + 1);
  const damageOf = await world.damageOf(model);
  const candidates: Candidate[] = [];
  for (const [place, [move, saved]] of faster.entries()) {
    world.onProgress('measuring damage', place, faster.length);
    candidates.push({ move, saved, damage: await damageOf(movedModel(model, move, importance)!) });
  }
  // At least a little, even if the last file took longer than predicted.
  const wanted = Math.max(
    Math.min(enough, (1 - LEAST_SAVING) * at.predicted),
    at.predicted - saving * start.predicted,
  );
  // Savings beyond this step do not count, because large moves are rarely accepted.
  const price = ({ damage, saved }: Candidate) => damage / Math.min(saved, at.predicted - wanted);
  const ranked = candidates.toSorted((a, b) => price(a) - price(b));
  let chosen: ChosenMoves<Model> = { moves: [], model, predicted: at.predicted };
  const taken = new Set<string>();
  for (const { move, saved } of ranked) {
    if (chosen.predicted <= wanted) break;
    if (taken.has(subjectOf(move))) continue;
    const next = movedModel(chosen.model, move, importance);
    if (!next) continue;
    const predicted = await predict(next.network);
    // After the other moves, it may no longer save time.
    if (chosen.predicted - predicted < saved / 2) continue;
    taken.add(subjectOf(move));
    chosen = { moves: [...chosen.moves, move], model: next, predicted };
  }
  return chosen;
}
