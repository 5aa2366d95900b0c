import { optionValues } from '../../foundation/errors/named-options.ts';
import type { ChosenLayers } from './choose-layers.ts';
import type { LayerWork } from './layer-work.ts';
import { limitDrop } from './limit-drop.ts';
import type { QuantizeReport } from './report.ts';
import type { LayerChoice, Workbench } from './workbench.ts';

/** Loss of AP50 in points from which a note recommends `maxDrop`. Also the limit for a swap without `maxDrop`. */
export const MUCH = 1;

/** Trains the weights. Returns a workbench with the trained weights. */
export type Tune = (bench: Workbench, choice: LayerChoice) => Promise<Workbench>;

/** The layers to write, with the measurements that decided. */
export interface LimitedChoice extends Pick<QuantizeReport, 'AP50' | 'finetuning'> {
  /** Workbench with the weights to write. */
  readonly bench: Workbench;
  readonly choice: ChosenLayers;
  /** The choice by time alone. */
  readonly fast: ChosenLayers;
}

interface Candidate {
  readonly bench: Workbench;
  readonly fast: ChosenLayers;
  /** AP50, 0–1. */
  readonly AP50: number;
}

/**
 * Trains the weights with `tune`, and keeps them if they are better. Then leaves layers in float until the loss of AP50
 * is within `maxDrop`.
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
