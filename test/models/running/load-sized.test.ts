import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { loadDetector } from '../../../src/detection/detector.ts';
import { loadClassifier } from '../../../src/models/running/classifier.ts';
import { temporaryFolder, writeDeep } from '../../temporary-files.ts';

const folder = temporaryFolder();

/** A network of one convolution, with an unknown key. */
async function darknet(name: string, filters: number, output: string): Promise<string> {
  const cfg = join(folder, `${name}.cfg`);
  const net = '[net]\nwidth=32\nheight=32\noddity=1\n';
  const conv = `[convolutional]\nfilters=${filters}\nactivation=linear\n`;
  await writeDeep(cfg, `${net}${conv}${output}`);
  await writeDeep(join(folder, `${name}.names`), 'cat\ndog\n');
  const weights = Buffer.alloc(20 + 4 * 4 * filters);
  weights.writeInt32LE(2, 4);
  await writeDeep(join(folder, `${name}.weights`), weights);
  return cfg;
}

test.each([
  ['a detector', loadDetector, 7, '[yolo]\nanchors=10,10\nclasses=2\n'],
  ['a classifier', loadClassifier, 2, '[avgpool]\n[softmax]\n'],
] as const)('the ignored settings of %s are reported', async (title, load, filters, output) => {
  const cfg = await darknet(title.replace(' ', '-'), filters, output);
  const warning = `${cfg}:1: [net] oddity is unknown, and ignored`;
  const warnings: string[] = [];
  await using _heard = await load(cfg, { onWarning: (line: string) => warnings.push(line) });
  expect(warnings).toEqual([warning]);
  const emitted = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  await using _unheard = await load(cfg);
  expect(emitted).toHaveBeenCalledWith(warning);
  emitted.mockRestore();
});
