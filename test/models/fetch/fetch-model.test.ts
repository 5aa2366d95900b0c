import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { catalogEntry, modelCatalog, shippedModelPath } from '../../../src/models/fetch/catalog.ts';
import { fetchModel, isFetchedModel } from '../../../src/models/fetch/fetch-model.ts';
import { licenseVerdict } from '../../../src/models/license.ts';
import { loadModel, loadNetwork } from '../../../src/models/load.ts';
import { networkCost } from '../../../src/network/cost.ts';
import { describeWithData } from '../../data-folder.ts';
import { temporaryFolder } from '../../temporary-files.ts';

const NAME = 'yolo-fastest-1.1-xl';
const folder = temporaryFolder();
/** The server's responses by path. */
const served = new Map<string, Buffer>();
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url!);
  const contents = served.get(request.url!);
  response.writeHead(contents ? 200 : 404).end(contents);
});
let mirror: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test.each(modelCatalog())('$name has a permissive license and a stated accuracy', (entry) => {
  expect(licenseVerdict(entry.license)).toBe('permissive');
  expect(entry.evaluation.AP).toBeLessThan(entry.evaluation.AP50);
});

test.each(modelCatalog().filter(({ file }) => file !== undefined))(
  '$name costs what the catalog says',
  async ({ name, input, parameters, macs }) => {
    const { network } = await loadNetwork(shippedModelPath(name)!);
    const cost = networkCost(network);
    expect([cost.parameters.trainable, cost.macs]).toEqual([parameters, macs]);
    expect([network.input[2], network.input[1]]).toEqual(input);
  },
);

test.each(modelCatalog().flatMap(({ files = [] }) => files))(
  '$url names one version of a file, with its SHA-256',
  ({ url, sha256 }) => {
    expect(url).toMatch(/^https:\/\/raw\.githubusercontent\.com\/[^/]+\/[^/]+\/[0-9a-f]{40}\//);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  },
);

test('refuses a file with another SHA-256, naming both digests, and does not keep it', async () => {
  served.set(`/models/${NAME}/${NAME}.cfg`, Buffer.from('[net]'));
  const expected = catalogEntry(NAME)!.files![0]!.sha256;
  await expect(fetchModel(NAME, { folder: join(folder, 'other'), mirror })).rejects.toThrow(
    new RegExp(`${NAME}\\.cfg: SHA-256 [0-9a-f]{64}, expected ${expected}; not kept`),
  );
});

test('refuses a modified file in the cache and does not change it', async () => {
  const cache = join(folder, 'changed');
  const path = join(cache, NAME, `${NAME}.cfg`);
  mkdirSync(join(cache, NAME), { recursive: true });
  writeFileSync(path, 'mine');
  await expect(fetchModel(NAME, { folder: cache, mirror })).rejects.toThrow(
    /SHA-256 .*, expected .*remove the file/,
  );
  expect(readFileSync(path, 'utf8')).toBe('mine');
});

test('refuses a mirror without https', async () => {
  await expect(fetchModel(NAME, { folder, mirror: 'http://example.com/' })).rejects.toThrow(/expected https/);
});

test('refuses a name that cannot be downloaded', async () => {
  expect(isFetchedModel('micro-yolo-coco')).toBe(false);
  await expect(fetchModel('micro-yolo-coco', { folder })).rejects.toThrow(/`micro-yolo models` lists/);
});

describeWithData('Yolo-Fastest', (data) => {
  test('is downloaded once, with its class names, and opens', async () => {
    for (const [file, own] of [
      [`${NAME}.cfg`, `${NAME}.cfg`],
      [`${NAME}.weights`, `${NAME}.weights`],
      ['coco.names', `${NAME}.names`],
    ] as const) {
      served.set(`/models/${NAME}/${file}`, readFileSync(join(data, 'teachers', own)));
    }
    const cache = join(folder, 'whole');
    const heard: (readonly [number, number | undefined])[] = [];
    const path = await fetchModel(NAME, {
      folder: cache,
      mirror,
      onProgress: (received, whole) => heard.push([received, whole]),
    });
    const whole = catalogEntry(NAME)!.files!.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(heard.at(-1)).toEqual([whole, whole]);
    asked.length = 0;
    expect(await fetchModel(NAME, { folder: cache, mirror })).toBe(path);
    expect(asked).toEqual([]);
    const { model, warnings } = await loadModel(path);
    expect(warnings).toEqual([]);
    expect(model.classes[79]).toBe('toothbrush');
    const cost = networkCost(model.network);
    const { parameters, macs } = catalogEntry(NAME)!;
    expect([cost.parameters.trainable, cost.macs]).toEqual([parameters, macs]);
  });
});
