import { z } from 'zod';
import type { Journal } from '../journal.ts';
import { type Objective, rankTrials } from './objectives.ts';

/** A line of the journal: one trial. */
export const searchLineSchema = z.strictObject({
  /** From 0. Each rung has fewer candidates, which are trained for longer. */
  rung: z.number().int().min(0),
  /** Index of the candidate. */
  candidate: z.number().int().min(0),
  /** Its choices, for users. */
  choices: z.record(z.string(), z.union([z.number(), z.string()])),
  epochs: z.number().int(),
  AP: z.number(),
  AP50: z.number(),
  parameters: z.number(),
  macs: z.number(),
  ms: z.number(),
  /** Trained model, in the output folder. */
  model: z.string(),
});

/** A line of the journal of a search: one trial, its costs and its AP. */
export type SearchLine = z.infer<typeof searchLineSchema>;

export interface HalvingOptions {
  readonly candidates: number;
  readonly objective: Objective;
  /** Target in milliseconds, for `mnasnet`. */
  readonly target: number;
  /** Epochs of the first rung. */
  readonly epochs: number;
  readonly rungs: number;
  /** In each rung, one of this number of candidates continues, and is trained longer by this factor. */
  readonly factor: number;
  /** Number of concurrent trials. */
  readonly jobs: number;
}

/**
 * Trains and measures a candidate. Returns undefined if it was interrupted.
 * @param signal aborted if another trial fails
 */
export type RunTrial = (
  candidate: number,
  rung: number,
  epochs: number,
  signal: AbortSignal,
) => Promise<SearchLine | undefined>;

/** Number of trials of a rung, and of those that are done. */
export interface RungProgress {
  readonly done: number;
  readonly total: number;
}

/** Returns a rung's trials, best first. */
export function rankRung(
  lines: readonly SearchLine[],
  rung: number,
  options: HalvingOptions,
): readonly SearchLine[] {
  // Sorted by candidate, so that the order of equal results does not depend on timing.
  const tried = lines.filter((line) => line.rung === rung).sort((a, b) => a.candidate - b.candidate);
  return rankTrials(tried, options.objective, options.target).map((place) => tried[place]!);
}

/**
 * Successive halving (https://arxiv.org/abs/1502.07943). All candidates are trained briefly, the best share of them is
 * trained for longer, and so on. Trials in the journal are not repeated.
 * @returns the last rung's trials, best first, or undefined if it was interrupted
 * @throws the first error of a trial, after the others have stopped
 */
export async function searchByHalving(
  journal: Journal<SearchLine>,
  options: HalvingOptions,
  runTrial: RunTrial,
  onTrial: (line: SearchLine, progress: RungProgress) => void,
): Promise<readonly SearchLine[] | undefined> {
  const failure = new AbortController();
  let chosen = Array.from({ length: options.candidates }, (_, candidate) => candidate);
  for (let rung = 0; ; rung++) {
    const epochs = options.epochs * options.factor ** rung;
    const done = new Set(
      journal.lines.filter((line) => line.rung === rung).map(({ candidate }) => candidate),
    );
    const waiting = chosen.filter((candidate) => !done.has(candidate));
    let isInterrupted = false;
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined && !isInterrupted; next = waiting.shift()) {
        const line = await runTrial(next, rung, epochs, failure.signal);
        if (!line) {
          isInterrupted = true;
          return;
        }
        await journal.add(line);
        onTrial(line, { done: done.add(line.candidate).size, total: chosen.length });
      }
    };
    const jobs = Array.from({ length: options.jobs }, () =>
      work().catch((error: unknown) => {
        failure.abort(error);
        isInterrupted = true;
        throw error;
      }),
    );
    await Promise.allSettled(jobs);
    if (failure.signal.aborted) throw failure.signal.reason;
    if (isInterrupted) return undefined;
    const ranked = rankRung(journal.lines, rung, options);
    if (rung === options.rungs - 1 || ranked.length === 1) return ranked;
    const stay = Math.max(1, Math.ceil(ranked.length / options.factor));
    chosen = ranked
      .slice(0, stay)
      .map(({ candidate }) => candidate)
      .sort((a, b) => a - b);
  }
}
