import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { uniformRandom } from '../../../src/foundation/random.ts';
import { downloadModel } from '../../../src/models/fetch/download.ts';
import { formatSafetensors } from '../../../src/models/formats/safetensors/safetensors.ts';

const random = uniformRandom(1);
const safetensors = (length: number) => {
  const bytes = Uint8Array.from({ length }, () => 256 * random());
  return Buffer.from(
    formatSafetensors({
      tensors: new Map([['weight', { type: 'U8', shape: [length], bytes }]]),
      metadata: {},
    }),
  );
};
const HEADER = safetensors(100_000).length - 100_000;
/** A file of 300,000 bytes. */
const CONTENTS = safetensors(300_000 - HEADER);
const DIGEST = createHash('sha256').update(CONTENTS).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Sends a file as servers with range support do: all of it, or the missing part of the requested version. */
function sending(contents: Buffer, version: string, breakAfter?: number, header = 'etag'): Answer {
  return (request, response) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const start = range && request.headers['if-range'] === version ? Number(range[1]) : 0;
    response.writeHead(start > 0 ? 206 : 200, {
      [header]: version,
      'content-length': contents.length - start,
    });
    if (breakAfter === undefined) response.end(contents.subarray(start));
    else response.write(contents.subarray(start, breakAfter), () => setTimeout(() => response.destroy(), 50));
  };
}

describe('downloadModel', () => {
  let folder: string;
  let answer: Answer;
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  let url: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'micro-yolo-'));
    requests.length = 0;
    answer = sending(CONTENTS, '"1"');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/model.safetensors`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  test('downloads a file once and reports progress', async () => {
    const heard: (readonly [number, number | undefined])[] = [];
    const onProgress = (received: number, whole: number | undefined) => heard.push([received, whole]);
    const path = await downloadModel(url, { folder, onProgress });
    expect(readFileSync(path).equals(CONTENTS)).toBe(true);
    expect(path).toMatch(/model\.safetensors$/);
    expect(heard.at(-1)).toEqual([CONTENTS.length, CONTENTS.length]);
    expect(await downloadModel(url, { folder })).toBe(path);
    expect(requests).toHaveLength(1);
    expect(readdirSync(join(path, '..'))).toEqual(['model.safetensors']);
  });

  test('stops if the listener throws', async () => {
    const onProgress = () => {
      throw new Error('enough');
    };
    await expect(downloadModel(url, { folder, onProgress })).rejects.toThrow('enough');
    expect(readFileSync(await downloadModel(url, { folder })).equals(CONTENTS)).toBe(true);
  });

  test('refuses a patience longer than timers allow', async () => {
    await expect(downloadModel(url, { folder, patience: Infinity })).rejects.toThrow('patience Infinity');
  });

  test('resumes after a broken connection', async () => {
    answer = sending(CONTENTS, '"1"', 100_000);
    await expect(downloadModel(url, { folder })).rejects.toThrow(
      /cannot be downloaded \(.+\); try again, or place the file at .+model\.safetensors$/,
    );
    answer = sending(CONTENTS, '"1"');
    expect(readFileSync(await downloadModel(url, { folder })).equals(CONTENTS)).toBe(true);
    expect(requests.at(-1)!.headers.range).toBe('bytes=100000-');
  });

  test('starts over if the file has changed since', async () => {
    answer = sending(CONTENTS, '"1"', 100_000);
    await downloadModel(url, { folder }).catch(() => undefined);
    const changed = CONTENTS.map((byte, index) => (index < HEADER ? byte : byte ^ 1)) as Buffer;
    answer = sending(Buffer.from(changed), '"2"');
    expect(readFileSync(await downloadModel(url, { folder })).equals(Buffer.from(changed))).toBe(true);
  });

  test('accepts a file with the right digest and keeps none with a wrong one', async () => {
    const path = await downloadModel(`${url}#sha256=${DIGEST}`, { folder });
    expect(readFileSync(path).equals(CONTENTS)).toBe(true);
    await rm(path);
    answer = sending(Buffer.from('another'), '"2"');
    await expect(downloadModel(`${url}#sha256=${DIGEST}`, { folder })).rejects.toThrow(
      `expected ${DIGEST}; not kept`,
    );
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  test.each([
    ['declared', { 'content-length': CONTENTS.length }],
    ['not declared', {}],
  ])('stops at a size that is too large and %s', async (_, headers) => {
    answer = (_, response) => response.writeHead(200, headers).end(CONTENTS);
    const download = downloadModel(url, { folder, maxBytes: 1000 });
    await expect(download).rejects.toThrow('expected at most 1000; is it a model?');
  });

  test('leaves a finished file alone if another digest is requested', async () => {
    const path = await downloadModel(url, { folder });
    await expect(downloadModel(`${url}#sha256=${'0'.repeat(64)}`, { folder })).rejects.toThrow(
      /model\.safetensors: SHA-256 .*; check the digest, or remove the file to download it again/,
    );
    expect(readFileSync(path).equals(CONTENTS)).toBe(true);
  });

  test('happens once for two simultaneous requests', async () => {
    const paths = await Promise.all([downloadModel(url, { folder }), downloadModel(url, { folder })]);
    expect(new Set(paths).size).toBe(1);
    expect(readFileSync(paths[0]).equals(CONTENTS)).toBe(true);
    expect(requests).toHaveLength(1);
  });

  test('does not touch what another process is downloading', async () => {
    const path = await downloadModel(url, { folder });
    const others = [`${path}.part`, `${path}.lock`];
    // Process 1 always exists.
    for (const other of others) writeFileSync(other, '1');
    await rm(path);
    await downloadModel(url, { folder });
    expect(readFileSync(path).equals(CONTENTS)).toBe(true);
    expect(others.map((other) => readFileSync(other, 'utf8'))).toEqual(['1', '1']);
  });

  test('keeps nothing of a file into which another process wrote too', async () => {
    const path = await downloadModel(url, { folder });
    await rm(path);
    answer = sending(CONTENTS, '"1"', 1000);
    await expect(downloadModel(url, { folder })).rejects.toThrow('cannot be downloaded');
    answer = (request, response) => {
      expect(request.headers.range).toBe('bytes=1000-');
      response.writeHead(206, { etag: '"1"', 'content-length': CONTENTS.length - 1000 });
      response.write(CONTENTS.subarray(1000, 2000), () => {
        setTimeout(() => {
          appendFileSync(`${path}.part`, 'theirs');
          response.end(CONTENTS.subarray(2000));
        }, 50);
      });
    };
    await expect(downloadModel(url, { folder })).rejects.toThrow(
      /expected 300000: another process also writes there/,
    );
    expect(readdirSync(dirname(path))).toEqual([]);
    answer = sending(CONTENTS, '"1"');
    expect(readFileSync(await downloadModel(url, { folder })).equals(CONTENTS)).toBe(true);
  });

  test('requests no compression, and reports no total if the response is compressed anyway', async () => {
    answer = (_, response) => {
      const packed = gzipSync(CONTENTS);
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length });
      response.end(packed);
    };
    expect(readFileSync(await downloadModel(url, { folder })).equals(CONTENTS)).toBe(true);
    expect(requests[0]!.headers['accept-encoding']).toBe('identity');
  });

  test('keeps received data while the server is busy, and starts over if that data is of no use', async () => {
    answer = sending(CONTENTS, '"1"', 100_000);
    await expect(downloadModel(url, { folder })).rejects.toThrow();
    answer = (_, response) => response.writeHead(503).end('busy');
    await expect(downloadModel(url, { folder })).rejects.toThrow(/answers 503 .*; try again later/);
    answer = (request, response) => {
      if (request.headers.range) response.writeHead(416).end();
      else response.end(CONTENTS);
    };
    expect(readFileSync(await downloadModel(url, { folder })).equals(CONTENTS)).toBe(true);
    expect(requests.map(({ headers }) => headers.range?.replace(/\d+/, 'N'))).toEqual([
      undefined,
      'bytes=N-',
      'bytes=N-',
      undefined,
    ]);
  });

  test('resumes by date if the server gives no other version, and rejects another range', async () => {
    const date = 'Sat, 28 Nov 2026 00:00:00 GMT';
    const broken = sending(CONTENTS, date, 100_000, 'last-modified');
    const whole = sending(CONTENTS, date, undefined, 'last-modified');
    answer = broken;
    await expect(downloadModel(url, { folder })).rejects.toThrow();
    answer = whole;
    const path = await downloadModel(url, { folder });
    expect(readFileSync(path).equals(CONTENTS)).toBe(true);
    expect(requests.at(-1)!.headers).toMatchObject({ range: 'bytes=100000-', 'if-range': date });
    await rm(path);
    answer = broken;
    await expect(downloadModel(url, { folder })).rejects.toThrow();
    answer = (_, response) => response.writeHead(206, { 'content-range': 'bytes 5-9/300000' }).end('12345');
    await expect(downloadModel(url, { folder })).rejects.toThrow('bytes from 5, expected from 100000');
    answer = whole;
    expect(readFileSync(await downloadModel(url, { folder })).equals(CONTENTS)).toBe(true);
    expect(requests.at(-1)!.headers.range).toBeUndefined();
  });

  test('keeps nothing that is not a model: an HTML page, or a Git LFS pointer', async () => {
    answer = (_, response) => response.end('<!doctype html><title>model.safetensors</title>');
    await expect(downloadModel(url, { folder })).rejects.toThrow(
      `${url}: the server did not send a safetensors file; not kept, check the address`,
    );
    answer = sending(CONTENTS, '"1"');
    expect(readFileSync(await downloadModel(url, { folder })).equals(CONTENTS)).toBe(true);
  });

  test('reports what the server answers', async () => {
    answer = (_, response) => response.writeHead(404).end();
    await expect(downloadModel(url, { folder })).rejects.toThrow(
      `${url}: the server answers 404 Not Found, expected a model file; check the address`,
    );
  });

  test('gives up on a server that does not respond', async () => {
    answer = () => undefined;
    await expect(downloadModel(url, { folder, patience: 100 })).rejects.toThrow('no answer for 0.1 s');
  });

  test('says where to put the file when offline', async () => {
    const gone = 'http://127.0.0.1:1/model.safetensors';
    const error = await downloadModel(gone, { folder }).catch((error: Error) => error);
    const place = /place the file at (.+)$/.exec((error as Error).message)![1]!;
    writeFileSync(place, 'a model');
    expect(await downloadModel(gone, { folder })).toBe(place);
  });

  test.each([
    ['http://example.com/a.safetensors', 'expected https'],
    ['https://example.com/a.onnx', 'expected an address that ends in .safetensors'],
    ['https://example.com/a.safetensors#sha256=12', 'expected #sha256= and 64 hexadecimal digits'],
    ['https://', 'expected an address'],
  ])('refuses %s', async (address, message) => {
    await expect(downloadModel(address, { folder })).rejects.toThrow(message);
  });
});
