import type { End, Figures, PruneLine } from './lines.ts';
import type { Prunable } from './thin-model.ts';
import { figuresOf, type PruneWorld } from './world.ts';

/** The pruned model, if a trial was accepted. */
interface Pruned {
  readonly file: string | undefined;
  readonly figures: Figures | undefined;
  readonly trials: number;
}

/**
 * Trains the pruned model in each requested way, and keeps the best result. The model of the last trial also competes,
 * because further training may make it worse.
 * @returns the last line, or undefined if it was interrupted
 */
export async function endPruning<Model extends Prunable>(
  lines: readonly PruneLine[],
  model: Model,
  { file, figures, trials }: Pruned,
  ends: readonly End[],
  world: PruneWorld<Model>,
  add: (line: PruneLine) => Promise<void>,
): Promise<PruneLine | undefined> {
  for (const way of ends) {
    if (lines.some((line) => line.type === 'end' && line.end === way)) continue;
    const trained = await world.train(model, way, `${String(trials + 1).padStart(3, '0')}-${way}`);
    if (trained === undefined) return undefined;
    // After a resume, this model may differ from the given one.
    const { network } = await world.load(trained);
    await add({ type: 'end', end: way, model: trained, ...(await figuresOf(world, network, trained)) });
    if (world.isInterrupted) return undefined;
  }
  const own = file === undefined ? [] : [{ end: 'tuned' as const, model: file, ...figures! }];
  const found = [...lines.filter((line) => line.type === 'end'), ...own];
  const { end, model: best, parameters, macs, ms, AP50 } = found.toSorted((a, b) => b.AP50 - a.AP50)[0]!;
  await add({ type: 'done', end, model: await world.finish(best), parameters, macs, ms, AP50 });
  return lines.at(-1);
}
