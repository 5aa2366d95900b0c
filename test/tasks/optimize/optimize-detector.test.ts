import { appendFile, cp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { isFile } from '../../../src/foundation/files/folders.ts';
import { readModel } from '../../../src/models/formats/safetensors/model-file.ts';
import { networkCost } from '../../../src/network/cost.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import {
  type OptimizeLine,
  type OptimizeOptions,
  optimizeDetector,
} from '../../../src/tasks/optimize/optimize-detector.ts';
import { JOURNAL_FILE } from '../../../src/tasks/prune/journal-head.ts';
import { quantizeModel } from '../../../src/tasks/quantize/quantize-model.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder } from '../../temporary-files.ts';
import { QUICK, smallDetector } from '../prune/small-detector.ts';

const folder = temporaryFolder();
let small: Awaited<ReturnType<typeof smallDetector>>;

beforeAll(async () => {
  small = await smallDetector(folder, [1, 2, 1, 1]);
});

const { scratchEpochs: _, ...quick } = QUICK;
/** An untrained detector has little to lose. */
const usual = { ...quick, maxDrop: 100, precision: 'float32' } as const;

const optimize = (
  out: string,
  options: Partial<OptimizeOptions> = {},
  onLine?: (line: OptimizeLine) => void,
  signal?: AbortSignal,
) =>
  optimizeDetector(
    { ...small, ...usual, out: join(folder, out), tables: join(folder, 'tables'), ...options },
    {
      signal,
      onEvent: (event) => {
        if (event.type === 'line') onLine?.(event.line);
      },
    },
  );

const ofType = <Type extends OptimizeLine['type']>(lines: readonly OptimizeLine[], type: Type) =>
  lines.filter((line): line is Extract<OptimizeLine, { readonly type: Type }> => line.type === type);

/** The changes and results, without what depends on the machine and the clock. */
const course = (lines: readonly OptimizeLine[]) =>
  lines.flatMap((line) =>
    line.type === 'step' || line.type === 'tuned' ? [{ ...line, predicted: 0, seconds: 0 }] : [],
  );

describe('a search in float', () => {
  test('makes a smaller network, and val agrees with the journal for each file', async () => {
    const { reason, model, best, lines } = await optimize('whole');
    expect(reason).toBe('finished');
    expect(ofType(lines, 'step').length).toBeGreaterThan(0);
    const [start] = ofType(lines, 'start');
    expect(best!.macs).toBeLessThan(start!.macs);
    for (const { model: file, AP, AP50, bytes, parameters, macs } of ofType(lines, 'file')) {
      const path = join(folder, 'whole', file);
      const { metrics } = await evaluateModel({ data: small.data, split: 'val', model: path, threads: 1 });
      expect([metrics.AP, metrics.AP50]).toEqual([AP, AP50]);
      expect((await stat(path)).size).toBe(bytes);
      const cost = networkCost((await readModel(path)).network);
      expect([cost.parameters.trainable, cost.macs]).toEqual([parameters, macs]);
    }
    expect(await readFile(model!)).toEqual(await readFile(join(folder, 'whole', best!.copied)));
    const page = await readFile(join(folder, 'whole/index.html'), 'utf8');
    expect(page).toContain('start');
    expect(page).toContain('(best)');
  });

  test('repeats its answer if called again', async () => {
    const before = await readFile(join(folder, 'whole', JOURNAL_FILE), 'utf8');
    const { reason, lines } = await optimize('whole');
    expect([reason, lines.at(-1)!.type]).toEqual(['finished', 'done']);
    expect(await readFile(join(folder, 'whole', JOURNAL_FILE), 'utf8')).toBe(before);
  });

  test('gives the same result if stopped after each line', async () => {
    for (let leg = 0; ; leg++) {
      expect(leg).toBeLessThan(30);
      const stop = new AbortController();
      const { reason, lines } = await optimize('legs', {}, () => stop.abort(), stop.signal);
      if (reason === 'finished') break;
      expect(lines.at(-1)!.type).toBe('pause');
    }
    const [whole, legs] = [await optimize('whole'), await optimize('legs')];
    expect(course(legs.lines)).toEqual(course(whole.lines));
  });

  test('redoes a truncated last line', async () => {
    const path = join(folder, 'legs', JOURNAL_FILE);
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const done = lines.findIndex((line) => line.includes('"type":"done"'));
    await writeFile(path, `${lines.slice(0, done).join('\n')}\n{"type":"do`);
    const { lines: after } = await optimize('legs');
    expect(after.at(-1)).toMatchObject({ type: 'done', model: 'best.safetensors' });
  });

  test.for([
    ['of another model', {}, 'is a journal of another model'],
    ['of another tolerance', { maxDrop: 50 }, 'is a journal of another maxDrop (100, now 50)'],
    ['of another target', { ms: '50%' }, 'is a journal of another ms (none, now "50%")'],
    ['of another number of threads', { threads: 2 }, 'is a journal of another machine'],
  ] as const)('refuses a journal %s', async ([name, options, message]) => {
    const other = name === 'of another model' && (await smallDetector(join(folder, 'other'), [1, 1, 2, 1]));
    const error = await microYoloError(
      optimize('whole', { ...options, ...(other && { model: other.model }) }),
    );
    expect(error.message).toContain(message);
  });

  test('refuses a journal of other data', async () => {
    const other = await smallDetector(join(folder, 'other-data'), [1, 2, 1, 1]);
    const path = join(other.data, 'val.json');
    const labels = JSON.parse(await readFile(path, 'utf8')) as { annotations: unknown[] };
    labels.annotations.pop();
    await writeFile(path, JSON.stringify(labels));
    const error = await microYoloError(optimize('whole', { data: other.data }));
    expect(error.message).toContain('is a journal of another split val');
  });

  test('refuses a journal with an invalid line', async () => {
    await cp(join(folder, 'whole'), join(folder, 'damaged'), { recursive: true });
    await appendFile(join(folder, 'damaged', JOURNAL_FILE), 'no line\n');
    const error = await microYoloError(optimize('damaged'));
    expect(error.message).toMatch(/journal\.jsonl: line \d+ is not a journal line; choose another/);
  });
});

test('in 8 bits, the first file is the model itself, and the search ends with the minutes', async () => {
  const { best, lines } = await optimize('int8', { precision: 'int8', minutes: 0.01, ms: '1%' });
  expect(lines.map(({ type }) => type)).toEqual(['start', 'file', 'stop', 'done']);
  expect(best).toMatchObject({ why: 'minutes', reached: false, precision: 'int8' });
  const [file] = ofType(lines, 'file');
  expect(file).toMatchObject({ step: 0, precision: 'int8', model: 'models/step-00-int8.safetensors' });
  const model = join(folder, 'int8', file!.model);
  const { metrics } = await evaluateModel({ data: small.data, split: 'val', model, threads: 1 });
  expect([metrics.AP, metrics.AP50]).toEqual([file!.AP, file!.AP50]);
  expect(file!.bytes).toBeLessThan(lines[0]!.type === 'start' ? lines[0]!.bytes : 0);
  // The trainable model is stored with it.
  expect(await isFile(join(folder, 'int8/float.safetensors'))).toBe(true);
  await readModel(join(folder, 'int8/float.safetensors'));
});

describe('is refused', () => {
  test.for([
    [{ maxDrop: 0 }, 'maxDrop 0: expected points of AP50 above 0'],
    [{ maxDrop: -1 }, 'maxDrop -1: expected a number from 0 to 100'],
    [{ split: 'test' }, 'split test: a split that selects the model cannot test it'],
    [{ ms: 'fast' }, 'ms "fast": expected milliseconds such as 2.5'],
    [{ ms: 0 }, 'ms 0: expected milliseconds such as 2.5'],
    [{ ms: 1000 }, /ms 1000: .* already takes \d+\.\d\d, expected less than that/],
    [{ minutes: 0 }, 'minutes 0: expected a number from 0.01 to 30000'],
    [{ precision: 'int4' as 'int8' }, 'precision "int4": expected fastest, float32, int8'],
    [{ settings: { batch: 0 } }, 'optimize: batch 0'],
    [{ data: 'nowhere' }, 'nowhere: no such file'],
    [{ model: 'nothing.safetensors' }, 'nothing.safetensors'],
  ] as const)('%j', async ([options, message]) => {
    const error = await microYoloError(optimize('refused', options));
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
    expect(await isFile(join(folder, 'refused/best.safetensors'))).toBe(false);
  });

  test('the input model as the output', async () => {
    await cp(small.model, join(folder, 'best.safetensors'));
    const error = await microYoloError(optimize('.', { model: join(folder, 'best.safetensors') }));
    expect(error.message).toMatch(/best\.safetensors.* would overwrite the model itself/);
  });

  test('a model that is already in 8 bits', async () => {
    const out = join(folder, 'quantized.safetensors');
    await quantizeModel({ model: small.model, data: small.data, threads: 1, samples: 2, out });
    const error = await microYoloError(optimize('refused', { model: out }));
    expect(error.message).toMatch(/quantized\.safetensors/);
    expect(error.message).not.toContain('\n');
  });

  test('a network with nothing left to shrink', async () => {
    const narrow = await smallDetector(join(folder, 'narrow'), []);
    const error = await microYoloError(optimize('narrowest', narrow));
    expect(error.message).toMatch(/none of its layers faster; there is nothing to optimize/);
    const int8 = await microYoloError(optimize('narrowest', { ...narrow, precision: 'int8' }));
    expect(int8.message).toMatch(/none of its layers can be in 8 bits/);
  });

  test('data without the classes of the model', async () => {
    const labels = join(small.data, 'val.json');
    const text = await readFile(labels, 'utf8');
    const other = JSON.parse(text) as { categories: { name: string }[] };
    other.categories[0]!.name = 'unicorn';
    await writeFile(labels, JSON.stringify(other));
    const error = await microYoloError(optimize('classes'));
    await writeFile(labels, text);
    expect(error.message).toMatch(/lacks 1 of the model's \d+ classes: .*; expected the same classes/);
  });
});
