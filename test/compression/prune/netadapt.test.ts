import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Journal } from '../../../src/compression/journal.ts';
import { type PruneLine, pruneLineSchema } from '../../../src/compression/prune/lines.ts';
import { adaptNetwork, roundTarget } from '../../../src/compression/prune/netadapt.ts';
import type { Prunable } from '../../../src/compression/prune/thin-model.ts';
import type { PruneWorld } from '../../../src/compression/prune/world.ts';
import { networkCost } from '../../../src/network/cost.ts';
import type { Network } from '../../../src/network/layers.ts';
import { buildDetector } from '../../../src/network/registry.ts';
import { randomWeights } from '../../network/random-weights.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const network = buildDetector('yolo-lite', { classes: 1, size: 64 });
const start: Prunable = { network, weights: randomWeights(network, 3) };

const largeWeights = ({ weights }: Prunable) =>
  [...weights.values()].reduce(
    (sum, { data }) => sum + data.reduce((all, value) => all + value * value, 0),
    0,
  );

/** A machine that takes 1 ms per million multiply-accumulates, and a detector that is better the larger its weights. */
class SteadyWorld implements PruneWorld<Prunable> {
  readonly files: Map<string, Prunable>;
  trainings = 0;
  /** Stops after this number of training runs. */
  readonly #most: number;

  constructor(files: Map<string, Prunable>, most: number) {
    this.files = files;
    this.#most = most;
  }

  get isInterrupted(): boolean {
    return this.trainings >= this.#most;
  }

  async load(file?: string): Promise<Prunable> {
    return file === undefined ? start : this.files.get(file)!;
  }

  async train(model: Prunable, _training: string, name: string): Promise<string> {
    this.trainings++;
    this.files.set(name, model);
    return name;
  }

  async evaluate(file?: string): Promise<number> {
    return largeWeights(await this.load(file)) / largeWeights(start);
  }

  async time(timed: Network): Promise<number> {
    return networkCost(timed).macs / 1e6;
  }

  async importance() {
    return { kind: 'l2', seed: 1 } as const;
  }

  async finish(file: string): Promise<string> {
    return file;
  }

  async forget(file: string): Promise<void> {
    this.files.delete(file);
  }
}

const whole = networkCost(network).macs / 1e6;
const options = { block: 16, target: 0.9 * whole, ends: ['tuned'] as const, onNote: () => {} };

async function adapt(name: string, most = Number.POSITIVE_INFINITY, files = new Map<string, Prunable>()) {
  const head = { version: 1, command: 'prune', of: {} } as const;
  await using journal = await Journal.open(join(folder, name), head, pruneLineSchema);
  const world = new SteadyWorld(files, most);
  const last = await adaptNetwork(journal, options, world, () => {});
  return { last, lines: journal.lines as readonly PruneLine[], world };
}

test('each round saves a little less than the previous one', () => {
  expect(roundTarget(1, 10, 10)).toBeCloseTo(9.75, 12);
  expect(roundTarget(2, 9.75, 10)).toBeCloseTo(9.75 - 0.25 * 0.96, 12);
});

test('each round meets its target and keeps the narrowing that loses least', async () => {
  const { last, lines, world } = await adapt('whole');
  const rounds = lines.filter((line) => line.type === 'round');
  expect(rounds.length).toBeGreaterThan(1);
  for (const [index, { round, ms, AP50 }] of rounds.entries()) {
    const before = rounds[index - 1]?.ms ?? whole;
    expect(ms).toBeLessThanOrEqual(roundTarget(round, before, whole));
    const tried = lines.filter((line) => line.type === 'trial').filter((line) => line.round === round);
    expect(AP50).toBe(Math.max(...tried.map((line) => line.AP50)));
  }
  expect(last).toMatchObject({ type: 'done' });
  expect(last!.ms).toBeLessThanOrEqual(options.target);
  // Only kept models are on disk.
  expect(world.files.size).toBeLessThanOrEqual(2);
});

test('gives the same result if stopped after each training run', async () => {
  const files = new Map<string, Prunable>();
  for (let leg = 0; leg < 200; leg++) {
    const { last, lines } = await adapt('legs', 1, files);
    if (!last) continue;
    const { lines: expected } = await adapt('whole');
    expect(lines).toEqual(expected);
    return;
  }
  throw new Error('it did not end');
});
