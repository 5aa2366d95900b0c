import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchImage } from '../../src/image/fetch-image.ts';
import { readFixture, rejection } from './pictures.ts';

const picture = readFixture('upright.png');

const pages: Readonly<Record<string, RequestListener>> = {
  '/picture.png': (_, response) => response.writeHead(200, { 'content-type': 'image/png' }).end(picture),
  '/untyped': (_, response) => response.end(picture),
  '/moved': (_, response) => response.writeHead(302, { location: '/picture.png' }).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/away': (_, response) => response.writeHead(301, { location: 'http://example.org/a.png' }).end(),
  '/lost': (_, response) => response.writeHead(301, { location: 'http://' }).end(),
  '/page': (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>Hello'),
  '/forbidden': (_, response) => response.writeHead(403).end(),
  '/broken': (_, response) => response.writeHead(503).end(),
  '/torn': (_, response) => {
    response.writeHead(200, { 'content-type': 'image/png', 'content-length': picture.length });
    response.write(picture.subarray(0, 20), () => response.destroy());
  },
  '/silent': () => {},
  '/slow': (_, response) => void response.writeHead(200).write(picture.subarray(0, 20)),
};
const server = createServer((request, response) => {
  const page = pages[request.url ?? ''];
  if (page) page(request, response);
  else response.writeHead(404).end();
});
let base = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test.each(['/picture.png', '/untyped', '/moved'])('%s is received in full', async (path) => {
  expect(Buffer.from(await fetchImage(new URL(path, base)))).toEqual(picture);
});

test.each([
  ['/nothing', 'not-found', /no such image \(HTTP 404\); check the address$/],
  ['/page', 'invalid-file', /the server sends text\/html, expected an image; check the address$/],
  ['/forbidden', 'invalid-file', /HTTP 403, expected an image; check the address$/],
  ['/broken', 'unreachable', /HTTP 503; try again later$/],
  ['/loop', 'invalid-file', /redirects more than 5 times; check the address$/],
  ['/away', 'invalid-argument', /http:\/\/example\.org\/a\.png: expected https/],
  ['/lost', 'invalid-file', /redirects to http:\/\/, which is not an address/],
  ['/torn', 'unreachable', /cannot be downloaded \(.+\); check the address and the connection$/],
])('%s is refused as %s', async (path, code, message) => {
  const error = await rejection(fetchImage(new URL(path, base)));
  expect(error).toMatchObject({ name: 'MicroYoloError', code });
  expect(error.message).toMatch(message);
});

test.each(['/silent', '/slow'])('gives up on a server that is too slow (%s)', async (path) => {
  const error = await rejection(fetchImage(new URL(path, base), { timeout: 100 }));
  expect(error).toMatchObject({ name: 'MicroYoloError', code: 'unreachable' });
  expect(error.message).toMatch(/not received within 0\.1 s; try again later$/);
});

test.each(['/picture.png', '/untyped'])('refuses more bytes than the limit (%s)', async (path) => {
  const error = await rejection(fetchImage(new URL(path, base), { maxBytes: 100 }));
  expect(error).toMatchObject({ name: 'MicroYoloError', code: 'invalid-file' });
  expect(error.message).toMatch(/more than 100 bytes; download the file and shrink it$/);
});

test('refuses http to another machine before anything is sent', async () => {
  const error = await rejection(fetchImage(new URL('http://example.org/a.png')));
  expect(error).toMatchObject({ name: 'MicroYoloError', code: 'invalid-argument' });
});

test('reports a nonexistent host as unreachable', async () => {
  const error = await rejection(fetchImage(new URL('https://nowhere.invalid/a.png')));
  expect(error).toMatchObject({ name: 'MicroYoloError', code: 'unreachable' });
});
