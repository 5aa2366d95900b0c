import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Journal } from '../../../src/compression/journal.ts';
import {
  type OptimizeLine,
  optimizeLineSchema,
  type Precision,
} from '../../../src/compression/optimize/lines.ts';
import { optimizeNetwork, type WalkOptions } from '../../../src/compression/optimize/walk.ts';
import type { FileRequest, OptimizeWorld } from '../../../src/compression/optimize/world.ts';
import type { Prunable } from '../../../src/compression/prune/thin-model.ts';
import { NetworkBuilder } from '../../../src/network/builder.ts';
import { networkCost } from '../../../src/network/cost.ts';
import type { Network } from '../../../src/network/layers.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { randomWeights } from '../../network/random-weights.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
/** A few convolutions, one of them depthwise. */
function smallNetwork(): Network {
  const builder = new NetworkBuilder([3, 32, 32]);
  builder.conv('first', 'input', { outChannels: 32, kernel: 3, stride: 2 });
  builder.conv('depthwise', 'first', { outChannels: 32, kernel: 5, groups: 32 });
  builder.conv('pointwise', 'depthwise', { outChannels: 64, kernel: 1 });
  builder.conv('plain', 'pointwise', { outChannels: 48, kernel: 3 });
  builder.conv('logits', 'plain', { outChannels: 6, kernel: 1, bias: true });
  builder.yolo('head', 'logits', { anchors: [[10, 10]], classes: 1, scaleXY: 1 });
  return builder.build('small');
}

const network = smallNetwork();
const start: Prunable = { network, weights: randomWeights(network, 3) };

const energy = ({ weights }: Prunable) =>
  [...weights.values()].reduce((sum, { data }) => sum + data.reduce((all, x) => all + x * x, 0), 0);

interface Circumstances {
  /** Stops after this number of training runs. */
  readonly trainings?: number;
  /** Steps until the time is up. */
  readonly late?: number;
  /** AP50 lost by 8 bits, which are twice as fast. If omitted, 8 bits are not available. */
  readonly int8?: number;
  readonly files?: Map<string, Prunable>;
}

/** A machine that takes 1 ms per million multiply-accumulates, and a detector that loses half a point per hundredth. */
class SteadyWorld implements OptimizeWorld<Prunable> {
  readonly first = 'start';
  readonly files: Map<string, Prunable>;
  readonly #given: Circumstances;
  #trained = 0;

  constructor(given: Circumstances) {
    this.#given = given;
    this.files = given.files ?? new Map();
    this.files.set(this.first, start);
  }

  readonly seconds = 0;

  get isInterrupted(): boolean {
    return this.#trained >= (this.#given.trainings ?? Number.POSITIVE_INFINITY);
  }

  get isLate(): boolean {
    return this.#trained >= (this.#given.late ?? Number.POSITIVE_INFINITY);
  }

  inTime<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  async load(file: string): Promise<Prunable> {
    return this.files.get(file)!;
  }

  #ms(timed: Network, precision: Precision): number {
    return networkCost(timed).macs / (precision === 'int8' ? 2e6 : 1e6);
  }

  async predict(timed: Network, precision: Precision): Promise<number | undefined> {
    return precision === 'int8' && this.#given.int8 === undefined ? undefined : this.#ms(timed, precision);
  }

  async damageOf(model: Prunable) {
    return async (other: Prunable) => Math.max(0, 1 - energy(other) / energy(model));
  }

  async importance() {
    return { kind: 'l2', seed: 1 } as const;
  }

  async train(model: Prunable, _training: string, name: string): Promise<string> {
    this.#trained++;
    this.files.set(name, model);
    return name;
  }

  async figures(file: string) {
    const AP50 = 0.5 + (0.5 * networkCost(this.files.get(file)!.network).macs) / networkCost(network).macs;
    const lost = file.endsWith('int8') ? this.#given.int8! : 0;
    return { bytes: 1, AP: AP50 / 2, AP50: AP50 - lost };
  }

  async time(file: string) {
    const ms = this.#ms(this.files.get(file)!.network, file.endsWith('int8') ? 'int8' : 'float32');
    return { ms, speedup: this.#ms(network, 'float32') / ms };
  }

  async write({ from, name, precision }: FileRequest) {
    const model = `${name}-${precision}`;
    this.files.set(model, this.files.get(from)!);
    return { model, precision };
  }

  async finish(file: string, float: string) {
    this.files.set('best', this.files.get(file)!);
    return { model: 'best', float };
  }

  async forget(file: string): Promise<void> {
    this.files.delete(file);
  }

  onProgress(): void {}
}

const whole = networkCost(network).macs / 1e6;
const usual: WalkOptions = {
  ...{ maxDrop: 0.5, isTuned: true, precision: 'fastest', blockOf: () => 16, targetOf: () => 0.3 * whole },
};

async function walk(name: string, options: Partial<WalkOptions> = {}, given: Circumstances = {}) {
  const head = { version: 1, command: 'optimize', of: {} } as const;
  await using journal = await Journal.open(join(folder, name), head, optimizeLineSchema);
  const world = new SteadyWorld(given);
  const last = await optimizeNetwork(journal, { ...usual, ...options }, world, () => {});
  return { last, lines: journal.lines as readonly OptimizeLine[], world };
}

const ofType = <Type extends OptimizeLine['type']>(lines: readonly OptimizeLine[], type: Type) =>
  lines.filter((line): line is Extract<OptimizeLine, { readonly type: Type }> => line.type === type);

describe('a walk', () => {
  test('reaches the target in steps about as large as asked', async () => {
    const { last, lines, world } = await walk('whole');
    expect(last).toMatchObject({ type: 'done', why: 'target', reached: true, precision: 'float32' });
    expect(last!.ms).toBeLessThanOrEqual(0.3 * whole);
    expect(world.files.get('best')!.network).toEqual(world.files.get(last!.copied)!.network);
    const steps = ofType(lines, 'step');
    expect(steps.length).toBeGreaterThan(2);
    for (const [index, { predicted, accepted, AP50 }] of steps.entries()) {
      expect(accepted).toBe(AP50 >= 0.5);
      const before = steps.slice(0, index).findLast((step) => step.accepted)?.predicted ?? whole;
      expect(predicted).toBeLessThan(before);
    }
    // Files differ by about a tenth of the time.
    const files = ofType(lines, 'file');
    expect(files.length).toBeLessThan(steps.length + 2);
    expect(files.every(({ speedup, ms }) => Math.abs(speedup - whole / ms) < 1e-12)).toBe(true);
  });

  test('gives the same result if stopped after each training run', async () => {
    const files = new Map<string, Prunable>();
    for (let leg = 0; leg < 200; leg++) {
      const { last, lines } = await walk('legs', {}, { trainings: 1, files });
      if (!last) continue;
      const { lines: expected } = await walk('whole');
      expect(lines.filter(({ type }) => type !== 'pause')).toEqual(expected);
      return;
    }
    throw new Error('it did not end');
  });

  test('starts with 8 bits if they are faster, and leaves room for what they cost', async () => {
    const { last, lines } = await walk('int8', { targetOf: () => 0.3 * whole }, { int8: 0.1 });
    expect(lines[0]).toMatchObject({ type: 'start', precision: 'int8', predicted: whole / 2 });
    expect(lines[1]).toMatchObject({ type: 'file', step: 0, precision: 'int8', speedup: 2 });
    expect(last).toMatchObject({ reached: true, precision: 'int8' });
    expect(last!.AP50).toBeGreaterThanOrEqual(0.5);
    for (const { accepted, AP50 } of ofType(lines, 'step')) expect(accepted).toBe(AP50 >= 0.6);
  });

  test('takes smaller steps, then leaves alone what loses too much, and says how far it came', async () => {
    const options = { maxDrop: 0.25, targetOf: () => 0.1 * whole };
    const { last, lines } = await walk('limit', options);
    expect(last).toMatchObject({ why: 'limit', reached: false });
    const undone = ofType(lines, 'step').filter(({ accepted }) => !accepted);
    expect(undone.length).toBeGreaterThanOrEqual(4);
    const alone = undone.filter(({ moves }) => moves.length === 1);
    expect(new Set(alone.map(({ moves }) => JSON.stringify(moves))).size).toBe(alone.length);
    expect(ofType(lines, 'file').every(({ within }) => within)).toBe(true);
  });

  test('ends when nothing saves any more time', async () => {
    const { last } = await walk('smallest', { maxDrop: 1, targetOf: () => undefined, isTuned: false });
    expect(last).toMatchObject({ why: 'smallest', reached: true });
  });

  test('ends with what it has when the time for steps is over', async () => {
    const { last, lines } = await walk('late', { targetOf: () => undefined }, { late: 2 });
    expect(last).toMatchObject({ why: 'minutes' });
    expect(ofType(lines, 'step')).toHaveLength(2);
    expect(ofType(lines, 'tuned')).toHaveLength(1);
  });

  test('deletes models that no line needs', async () => {
    const { lines, world } = await walk('whole-again');
    const steps = ofType(lines, 'step');
    const needed = new Set(ofType(lines, 'file').map(({ step }) => step));
    for (const { step, model } of steps) {
      if (needed.has(step)) expect(world.files.has(model!)).toBe(true);
      else if (model !== null && step !== steps.at(-1)!.step) expect(world.files.has(model)).toBe(false);
    }
  });
});

describe('fails with a reason', () => {
  test('if no step stays within the tolerance', async () => {
    const error = await microYoloError(walk('harmful', { maxDrop: 1e-9 }));
    expect(error.message).toMatch(/^none of \d+ steps and 0 files stayed within .* points of AP50/);
  });

  test('if there was no time for a step', async () => {
    const error = await microYoloError(walk('no-time', {}, { late: 0 }));
    expect(error.message).toMatch(/no time for a step, so nothing is written; allow more minutes/);
  });

  test('and the same search goes on if it is given more time', async () => {
    const { last, lines } = await walk('no-time', {}, { late: 100 });
    expect(last).toMatchObject({ type: 'done', reached: true });
    expect(ofType(lines, 'extended')).toHaveLength(1);
    expect(ofType(lines, 'step').length).toBeGreaterThan(0);
  });

  test('if 8 bits are requested and no layer supports them', async () => {
    const error = await microYoloError(walk('no-int8', { precision: 'int8' }));
    expect(error.message).toMatch(/none of its layers can be in 8 bits/);
  });
});
