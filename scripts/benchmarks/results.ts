import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

/** Where and with what figures were measured. */
export const machine = {
  cpu: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};

const resultsPath = (name: string) => fileURLToPath(new URL(`../../results/${name}.json`, import.meta.url));

/** Keeps measured figures in results/NAME.json, which README's tables are made from; only with `--save`. */
export function saveResults(name: string, figures: Readonly<Record<string, unknown>>): void {
  if (!process.argv.includes('--save')) return;
  writeFileSync(resultsPath(name), `${JSON.stringify({ machine, ...figures }, null, 2)}\n`);
}

/**
 * The outcomes in results/NAME.json of runs that take hours, for scripts that are stopped and started again: one that is
 * there under the same conditions is not measured anew, and each new one is kept at once (with `--save`).
 */
export class KeptOutcomes<Key extends object, Figures extends object> {
  readonly runs: (Key & Figures)[];
  readonly #name: string;
  readonly #conditions: Readonly<Record<string, unknown>>;

  constructor(name: string, conditions: Readonly<Record<string, unknown>>) {
    this.#name = name;
    this.#conditions = conditions;
    const path = resultsPath(name);
    const known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { runs: [] };
    const same = Object.entries(conditions).every(([key, value]) => isDeepStrictEqual(known[key], value));
    this.runs = same ? known.runs : [];
  }

  /** The outcome of the run with this key, which says all that tells it from the others. */
  async of(key: Key, measure: () => Promise<Figures>): Promise<Key & Figures> {
    const isIts = (run: object) =>
      Object.entries(key).every(([name, value]) => (run as Record<string, unknown>)[name] === value);
    const known = this.runs.find(isIts);
    if (known !== undefined) return known;
    const run = { ...key, ...(await measure()) };
    this.runs.push(run);
    this.save();
    console.table(this.runs);
    return run;
  }

  /** Keeps what follows from them as well. */
  save(conclusions: Readonly<Record<string, unknown>> = {}): void {
    saveResults(this.#name, { ...this.#conditions, runs: this.runs, ...conclusions });
  }
}
