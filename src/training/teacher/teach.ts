import { IMAGE_INPUT } from '../../models/forward/photograph.ts';
import type { Network } from '../../network/layers.ts';
import { withInputSize } from '../../network/shapes.ts';
import { yoloHeads } from '../heads/targets.ts';
import type { LoadedBatch } from '../loader/loader.ts';
import { type Hint, hintsOf, teacherHints } from './hints.ts';
import { teacherGrids, teacherTargets } from './targets.ts';
import type { Teacher } from './teacher.ts';

/** Returns the hints for the network at an input size; `undefined` if there are none. */
export type HintsAt = (sized: Network) => readonly Hint[] | undefined;

/**
 * Hints of a run.
 * @param gain weight of hints in the loss; 0 turns them off
 * @param layers teacher layer for each named layer of the network
 * @param copied whether these layers imitate the maps directly
 */
export function hintsAt(
  teacher: Teacher | undefined,
  gain: number,
  layers: Readonly<Record<string, string>>,
  copied: boolean,
): HintsAt {
  const maps = teacher?.maps;
  if (!maps || gain <= 0) return () => undefined;
  return (sized) => {
    const [, height, width] = sized.input;
    return hintsOf(sized, maps({ width, height }), layers, copied);
  };
}

/** Adds the teacher's predictions and feature maps to the inputs of a batch. */
export async function taughtBatch(
  batch: LoadedBatch,
  network: Network,
  teacher: Teacher,
  hints: HintsAt,
): Promise<LoadedBatch> {
  const { width, height } = batch.input;
  const pixels = batch.tensors[IMAGE_INPUT]!.data as Uint8Array;
  const { predictions, maps } = await teacher.look(pixels, batch.input);
  const sized = withInputSize(network, width, height);
  const known = teacher.network;
  const grids = known ? teacherGrids(withInputSize(known, width, height)) : [];
  const tensors = {
    ...batch.tensors,
    ...teacherTargets(predictions, yoloHeads(sized), teacher.classMap, grids),
    ...teacherHints(maps, hints(sized) ?? []),
  };
  return { ...batch, tensors };
}
