import { alternate, type Timings } from '../../foundation/timing/alternate.ts';
import type { Loaded, Opened } from './contenders.ts';

/**
 * Times networks in alternation. Returns the milliseconds of each round, by network name.
 * @param onRound called after each round, including one extra round for warm-up
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
