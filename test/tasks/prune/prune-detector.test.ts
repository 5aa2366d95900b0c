import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { isFile } from '../../../src/foundation/files/folders.ts';
import { readModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { networkCost } from '../../../src/network/cost.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import { JOURNAL_FILE } from '../../../src/tasks/prune/journal-head.ts';
import { type PruneLine, type PruneOptions, pruneDetector } from '../../../src/tasks/prune/prune-detector.ts';
import { zeroWeights } from '../../../src/tasks/prune/zero-weights.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { BLOCK, QUICK, smallDetector } from './small-detector.ts';

const folder = temporaryFolder();
let small: Awaited<ReturnType<typeof smallDetector>>;

beforeAll(async () => {
  small = await smallDetector(folder, [1, 2, 1, 1]);
});

const prune = (out: string, options: Partial<PruneOptions> = {}, onLine?: (line: PruneLine) => void) =>
  pruneDetector(
    { ...small, ...QUICK, out: join(folder, out), tables: join(folder, 'tables'), ...options },
    (event) => {
      if (event.type === 'line') onLine?.(event.line);
    },
  );

/** The part that does not depend on the machine. */
const steady = (lines: readonly PruneLine[]) => lines.map(({ ms: _, ...line }) => line);

describe('step by step', () => {
  // An untrained detector has little to lose.
  const options = { maxDrop: 100 };

  test('removes blocks of channels, and val agrees with the journal', async () => {
    const { reason, model, lines } = await prune('thin', options);
    expect(reason).toBe('finished');
    expect(lines.map(({ type }) => type)).toContain('trial');
    const written = await readModel(model!);
    const last = lines.at(-1)!;
    const cost = networkCost(written.network);
    expect([cost.parameters.trainable, cost.macs]).toEqual([last.parameters, last.macs]);
    expect(last.parameters).toBeLessThan(lines[0]!.parameters);
    const widths = written.network.layers.flatMap((layer) =>
      layer.type === 'conv' ? [layer.outChannels] : [],
    );
    expect(widths.slice(0, 4)).toEqual([BLOCK, BLOCK, BLOCK, BLOCK]);
    const { metrics } = await evaluateModel({ data: small.data, split: 'val', model: model!, threads: 1 });
    expect(metrics.AP50).toBe(last.AP50);
    expect(await isFile(join(folder, 'thin/progress.png'))).toBe(true);
  });

  test('repeats its answer if called again', async () => {
    const before = await readFile(join(folder, 'thin', JOURNAL_FILE), 'utf8');
    const { reason, lines } = await prune('thin', options);
    expect([reason, lines.at(-1)!.type]).toEqual(['finished', 'done']);
    expect(await readFile(join(folder, 'thin', JOURNAL_FILE), 'utf8')).toBe(before);
  });

  test('repeats its answer if defaults are written out', async () => {
    const before = await readFile(join(folder, 'thin', JOURNAL_FILE), 'utf8');
    const { reason } = await prune('thin', {
      ...options,
      importance: 'l1',
      coarse: 0.25,
      split: 'val',
      seed: 1,
    });
    expect(reason).toBe('finished');
    expect(await readFile(join(folder, 'thin', JOURNAL_FILE), 'utf8')).toBe(before);
  });

  test('gives the same result if stopped after each line', async () => {
    for (let leg = 0; ; leg++) {
      expect(leg).toBeLessThan(20);
      const stop = new AbortController();
      const { reason } = await prune('legs', { ...options, signal: stop.signal }, () => stop.abort());
      if (reason === 'finished') break;
    }
    const [whole, legs] = [await prune('thin', options), await prune('legs', options)];
    expect(steady(legs.lines)).toEqual(steady(whole.lines));
  });

  test('redoes a truncated last line', async () => {
    const path = join(folder, 'legs', JOURNAL_FILE);
    const text = await readFile(path, 'utf8');
    const lines = text.split('\n').slice(0, -2);
    await writeFile(path, `${lines.join('\n')}\n{"type":"do`);
    const { lines: after } = await prune('legs', options);
    expect(after.at(-1)!.type).toBe('done');
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test.for([
    ['of another model', { model: 'other' }, 'is a journal of another model'],
    ['of other settings', { maxDrop: 50 }, 'is a journal of another maxDrop (100, now 50)'],
  ] as const)('refuses a journal %s', async ([, changed, message]) => {
    const model =
      'model' in changed ? (await smallDetector(join(folder, 'other'), [1, 1, 2, 1])).model : small.model;
    const error = await microYoloError(prune('thin', { ...options, ...changed, model }));
    expect(error.message).toContain(message);
  });

  test('refuses a journal with an invalid line', async () => {
    await cp(join(folder, 'thin'), join(folder, 'damaged'), { recursive: true });
    await appendFile(join(folder, 'damaged', JOURNAL_FILE), 'no line\n');
    const error = await microYoloError(prune('damaged', options));
    expect(error.message).toMatch(
      /journal\.jsonl: line \d+ is not a journal line; choose another output folder/,
    );
  });
});

test('reaches a target in one step, with any importance', async () => {
  // Gradients are collected with an optimizer of their own.
  const settings = { ...QUICK.settings, optimizer: { kind: 'sgd' } };
  for (const importance of ['l1', 'taylor'] as const) {
    const { lines } = await prune(`at-once-${importance}`, {
      ...{ macs: '70%', importance, scratchEpochs: 0, epochs: undefined, settings },
    });
    expect(lines.map(({ type }) => type)).toEqual(['start', 'end', 'done']);
    expect(lines.at(-1)!.macs).toBeLessThanOrEqual(0.7 * lines[0]!.macs);
  }
});

test('other work in the folder of a deleted journal trains anew', async () => {
  const wide = await smallDetector(join(folder, 'wide'), [1, 3, 2, 1]);
  const options = { ...wide, epochs: undefined, scratchEpochs: 0 };
  const first = await prune('reused', { ...options, macs: '80%' });
  await rm(join(folder, 'reused', JOURNAL_FILE));
  const second = await prune('reused', { ...options, macs: '60%', seed: 5 });
  expect(first.lines.at(-1)!.macs).toBeGreaterThan(0.6 * first.lines[0]!.macs);
  expect(second.lines.at(-1)!.macs).toBeLessThanOrEqual(0.6 * second.lines[0]!.macs);
});

test('pruning single weights does not overwrite the result of a journal', async () => {
  const error = await microYoloError(
    zeroWeights({ ...small, out: join(folder, 'reused'), singleWeights: 0.5 }),
  );
  expect(error.message).toContain('has a journal, whose model would be overwritten');
});

test('pruning single weights gives a share of zeros and no smaller network', async () => {
  const out = join(folder, 'zeros');
  const tables = join(folder, 'tables');
  const { model, milliseconds } = await zeroWeights({
    ...small,
    out,
    tables,
    singleWeights: 0.5,
    threads: 1,
  });
  const [before, after] = [await readModel(small.model), await readModel(model)];
  expect(after.network).toEqual(before.network);
  const kernels = [...after.weights.values()].filter(({ shape }) => shape.length > 1);
  const all = kernels.flatMap(({ data }) => [...data]);
  expect(all.filter((value) => value === 0).length / all.length).toBeCloseTo(0.5, 2);
  expect(milliseconds.every((ms) => ms > 0)).toBe(true);
});

describe('is refused', () => {
  test.for([
    [{ maxDrop: 0 }, 'maxDrop 0: expected points of AP50 above 0'],
    [{ split: 'test' }, 'split test: a split that selects the model cannot test it'],
    [{ macs: '120%' }, 'macs "120%": expected billions such as 0.6'],
    [{ macs: 9, epochs: undefined }, /^macs 9 G: small already costs 0\.00\d+ G, expected less than that$/],
    [{ macs: '50%', coarse: 0.5 }, 'coarse with macs: has no effect'],
    [{ size: 80 }, 'prune: size.width 80'],
    [{ settings: { size: 96 } }, 'prune: setting size: the command sets it itself; pass `size`'],
    [{ settings: { epochs: 9 } }, 'prune: setting epochs: the command sets it itself; pass `epochs`'],
    [{ macs: '1%', epochs: undefined }, 'at its narrowest costs'],
    [{ macs: 1, ms: 1 }, 'ms and macs: cannot be combined'],
    [{ netadapt: 1000 }, 'netadapt 1000: small already takes'],
    [{ singleWeights: 2 }, 'singleWeights 2: expected a number from 0 to 1'],
    [{ importance: 'l3' as 'l1' }, 'importance "l3": expected l1'],
  ] as const)('%j', async ([options, message]) => {
    const error = await microYoloError(prune('refused', options));
    expect(error.message).toMatch(message);
  });

  test('a network without layers wider than a block', async () => {
    const narrow = await smallDetector(join(folder, 'narrow'), [1, 1, 1, 1]);
    const error = await microYoloError(prune('narrowest', { ...narrow, maxDrop: 100 }));
    expect(error.message).toContain('it cannot be pruned further');
  });

  test('data without the classes of the model', async () => {
    const labels = join(small.data, 'val.json');
    const text = await readFile(labels, 'utf8');
    const other = JSON.parse(text) as { categories: { name: string }[] };
    other.categories[0]!.name = 'unicorn';
    await writeFile(labels, JSON.stringify(other));
    const error = await microYoloError(prune('classes', { maxDrop: 100 }));
    await writeFile(labels, text);
    expect(error.message).toMatch(/lacks 1 of the model's \d+ classes: .*; expected the same classes/);
  });
});
