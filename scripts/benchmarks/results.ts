import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

/** The conditions of a measurement. */
export const machine = {
  cpu: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores`,
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};

const resultsPath = (name: string) => fileURLToPath(new URL(`../../results/${name}.json`, import.meta.url));

/** Saves measured figures in results/NAME.json, the source of README's tables; only with `--save`. */
export function saveResults(name: string, figures: Readonly<Record<string, unknown>>): void {
  if (!process.argv.includes('--save')) return;
  writeFileSync(resultsPath(name), `${JSON.stringify({ machine, ...figures }, null, 2)}\n`);
}

/**
 * The outcomes in results/NAME.json of runs that take hours, for scripts that are stopped and restarted. An outcome measured
 * under the same conditions is reused, and each new one is saved at once (with `--save`).
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

  /** The outcome of the run with this key, which contains everything that distinguishes it from the others. */
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

  /** Also saves derived figures. */
  save(conclusions: Readonly<Record<string, unknown>> = {}): void {
    saveResults(this.#name, { ...this.#conditions, runs: this.runs, ...conclusions });
  }
}
