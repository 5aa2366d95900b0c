import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { isFile } from '../../../src/foundation/files/folders.ts';
import { synthesizeDataset } from '../../../src/tasks/datasets/synthesize-dataset.ts';
import { evaluateModel } from '../../../src/tasks/evaluate/evaluate-model.ts';
import {
  type SearchLine,
  type SearchOptions,
  searchDetectors,
} from '../../../src/tasks/search/search-detectors.ts';
import { microYoloError } from '../../micro-yolo-error.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const folder = temporaryFolder();
const data = join(folder, 'shapes');

beforeAll(async () => {
  await synthesizeDataset({ out: data, train: 6, val: 2, size: 64 });
});

const search = (out: string, options: Partial<SearchOptions> = {}, onTrial?: (line: SearchLine) => void) =>
  searchDetectors(
    {
      ...{
        model: 'micro-yolo',
        data,
        out: join(folder, out),
        tables: join(folder, 'tables'),
        space: ['heads'],
      },
      ...{ objective: 'latency', epochs: 1, rungs: 2, factor: 2, size: 64, threads: 1 },
      ...{ settings: { batch: 2, engine: 'onnx-plain' }, ...options },
    },
    (event) => {
      if (event.type === 'item') onTrial?.(event.line);
    },
  );

const trials = (lines: readonly SearchLine[]) => lines.map(({ ms: _, model: _model, ...line }) => line);

test('ranks candidates, and val agrees with the journal', async () => {
  const lines: SearchLine[] = [];
  const { reason, ranking, model } = await search('whole', {}, (line) => lines.push(line));
  expect(reason).toBe('finished');
  expect(lines.map(({ rung }) => rung)).toEqual([0, 0, 0, 1, 1]);
  const { metrics } = await evaluateModel({ data, split: 'val', model: model!, threads: 1 });
  expect(metrics.AP).toBe(ranking[0]!.AP);
  for (const chart of ['trials.png', 'pareto.png'])
    expect(await isFile(join(folder, 'whole', chart))).toBe(true);
});

test('gives the same result if stopped and continued, with trials in separate processes', async () => {
  const stop = new AbortController();
  const { reason } = await search('legs', { signal: stop.signal }, () => stop.abort());
  expect(reason).toBe('interrupted');
  const { ranking } = await search('legs', { jobs: 2 });
  const whole = await search('whole');
  expect(trials(ranking)).toEqual(trials(whole.ranking));
});

test.for([
  [{ model: 'yolo-nano' }, 'model "yolo-nano": has no table of stages to vary, expected micro-yolo'],
  [{ split: 'test' }, 'split test: a split that selects the model cannot test it'],
  [{ space: ['kernels', 'colors' as 'widths'] }, 'space "colors": expected kernels'],
  [{ objective: 'speed' as 'map' }, 'objective "speed": expected map'],
  [{ seed: 9 }, 'is a journal of another seed (1, now 9)'],
] as const)('%j is refused', async ([options, message]) => {
  const error = await microYoloError(search('whole', options as Partial<SearchOptions>));
  expect(error.message).toContain(message);
});
