import { alternate, type Timings } from '../../foundation/timing/alternate.ts';
import type { Loaded, Opened } from './contenders.ts';

/**
 * Times networks in turns: milliseconds of a run, a number a round, by their names.
 * @param onRound called after each of the rounds, and one more to warm up
 */
export async function runInTurns(
  loaded: readonly Loaded[],
  rounds: number,
  threads: number | undefined,
  onRound: () => void = () => {},
): Promise<Timings> {
  const opened: Opened[] = [];
  try {
    const contenders = [];
    for (const network of loaded) {
      const running = await network.open(threads);
      opened.push(running);
      contenders.push({ name: network.name, run: () => running.run() });
    }
    return await alternate(contenders, rounds, onRound);
  } finally {
    for (const running of opened) await running[Symbol.asyncDispose]();
  }
}
