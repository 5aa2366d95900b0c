import { createHash } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { isFile, makeFolder } from '../../foundation/files/folders.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { type MeasureOptions, measureOperations, measureOverhead, type Overhead } from './measure.ts';
import type { RuntimeGraph } from './operations.ts';

const fileSchema = z.strictObject({
  version: z.literal(1),
  machine: z.string(),
  overhead: z.strictObject({ run: z.number().min(0), operation: z.number().min(0) }),
  /** Milliseconds by operation. */
  times: z.record(z.string(), z.number().min(0)),
});

/** Returns what the times depend on, besides the operation. */
export function machineName(runtime: string, threads: number): string {
  const [cpu] = cpus();
  return `${cpu?.model ?? 'unknown'}, ${cpus().length} cores, ${runtime}, ${threads} threads`;
}

/** Measured times of operations on this machine. Missing times are measured on demand. */
export class LatencyTable {
  readonly #path: string | undefined;
  readonly #machine: string;
  readonly #options: MeasureOptions;
  readonly #times: Map<string, number>;
  readonly overhead: Overhead;

  private constructor(
    path: string | undefined,
    machine: string,
    options: MeasureOptions,
    overhead: Overhead,
    times: Map<string, number>,
  ) {
    this.#path = path;
    this.#machine = machine;
    this.#options = options;
    this.#times = times;
    this.overhead = overhead;
  }

  /**
   * Opens a machine's table, or creates one. A damaged file, or one of another version, is replaced, because everything
   * in it can be measured again.
   * @param folder folder of tables; without it, nothing is stored
   */
  static async open(
    folder: string | undefined,
    machine: string,
    options: MeasureOptions,
  ): Promise<LatencyTable> {
    const digest = createHash('sha256').update(machine).digest('hex').slice(0, 16);
    const path = folder === undefined ? undefined : join(folder, `${digest}.json`);
    if (path !== undefined && (await isFile(path))) {
      const text = (await readWholeFile(path, 'a latency table')).toString('utf8');
      const { data } = fileSchema.safeParse(parseJson(text));
      if (data?.machine === machine) {
        return new LatencyTable(path, machine, options, data.overhead, new Map(Object.entries(data.times)));
      }
    }
    return new LatencyTable(path, machine, options, await measureOverhead(options), new Map());
  }

  /** Number of operations with known times. */
  get size(): number {
    return this.#times.size;
  }

  /** Returns the milliseconds of each operation of a graph, in order. Missing times are measured and stored. */
  async times(graph: RuntimeGraph): Promise<readonly number[]> {
    const missing = graph.operations.filter(({ key }) => !this.#times.has(key));
    if (missing.length > 0) {
      for (const [key, time] of await measureOperations(graph, missing, this.#options))
        this.#times.set(key, time);
      await this.#save();
    }
    return graph.operations.map(({ key }) => this.#times.get(key)!);
  }

  /** Returns the predicted milliseconds of a graph. */
  async predict(graph: RuntimeGraph): Promise<number> {
    const times = await this.times(graph);
    const { run, operation } = this.overhead;
    return times.reduce((sum, time) => sum + time + operation, run);
  }

  async #save(): Promise<void> {
    if (this.#path === undefined) return;
    await makeFolder(join(this.#path, '..'));
    const times = Object.fromEntries([...this.#times].sort(([a], [b]) => (a < b ? -1 : 1)));
    const file = { version: 1, machine: this.#machine, overhead: this.overhead, times };
    await writeWholeFile(this.#path, `${JSON.stringify(file, null, 1)}\n`, { flush: false });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
