import { optionValues } from '../../foundation/errors/named-options.ts';
import type { ChosenLayers } from './choose-layers.ts';
import type { LayerWork } from './layer-work.ts';
import { limitDrop } from './limit-drop.ts';
import type { QuantizeReport } from './report.ts';
import type { LayerChoice, Workbench } from './workbench.ts';

/** Points of AP50 that are much to lose. */
export const MUCH = 1;

/** A bench with trained weights. */
export type Tune = (bench: Workbench, choice: LayerChoice) => Promise<Workbench>;

/** What is written, with what it was chosen by. */
export interface LimitedChoice extends Pick<QuantizeReport, 'AP50' | 'finetuning'> {
  /** With the weights that are written. */
  readonly bench: Workbench;
  readonly choice: ChosenLayers;
  /** As it was chosen by time. */
  readonly fast: ChosenLayers;
}

interface Candidate {
  readonly bench: Workbench;
  readonly fast: ChosenLayers;
  /** 0–1. */
  readonly AP50: number;
}

/**
 * Trains the weights if that is asked for, and keeps them if they are better. Then leaves layers in float that harm AP50 more
 * than is allowed.
 */
export async function withinLimit(
  bench: Workbench,
  chosen: ChosenLayers,
  damages: ReadonlyMap<string, number>,
  tune: Tune | undefined,
  { settings: { maxDrop }, dataset, evaluate, reference, trainer, onEvent }: LayerWork,
): Promise<LimitedChoice> {
  if (!dataset) return { bench, choice: chosen, fast: chosen };
  const float32 = reference ?? (await evaluate(bench.float));
  const candidate = async (on: Workbench): Promise<Candidate> => {
    const fast = on.choice(chosen);
    return { bench: on, fast, AP50: await evaluate(on.quantized(fast)) };
  };
  const before = await candidate(bench);
  const after = tune && (await candidate(await tune(bench, chosen)));
  const kept = after !== undefined && after.AP50 > before.AP50;
  const best = kept ? after : before;
  const { fast } = best;
  const finetuning = after && {
    minutes: trainer!.minutes,
    AP50: { before: before.AP50, after: after.AP50 },
    kept,
  };
  const outcome = { bench: best.bench, fast, finetuning };
  if (maxDrop === undefined) {
    const lost = 100 * (float32 - best.AP50);
    if (lost > MUCH) {
      const message = `AP50 falls by ${lost.toFixed(2)} points; ${optionValues({ maxDrop: MUCH })} keeps the most harmful layers in float`;
      onEvent({ type: 'note', message });
    }
    return { ...outcome, choice: fast, AP50: { float32, quantized: best.AP50 } };
  }
  const { choice, AP50: quantized } = await limitDrop(
    fast,
    float32 - maxDrop / 100,
    damages,
    (limited) => evaluate(best.bench.quantized(limited)),
    best.AP50,
  );
  const AP50 = { float32, quantized };
  if (choice.convolutions.length === fast.convolutions.length) return { ...outcome, choice: fast, AP50 };
  const [whole, int8] = await best.bench.time([best.bench.float, best.bench.quantized(choice)]);
  return { ...outcome, choice: { ...choice, milliseconds: { float32: whole!, int8: int8! } }, AP50 };
}
