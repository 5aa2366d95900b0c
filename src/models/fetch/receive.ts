import { createWriteStream } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';

/** Maximum delay of a timer, in milliseconds. */
const LONGEST_WAIT = 2 ** 31 - 1;

export interface ReceiveOptions {
  /** Maximum file size, in bytes. @default 512 MiB */
  readonly maxBytes?: number;
  /** Maximum time without data from the server, in milliseconds. @default 30,000 */
  readonly patience?: number;
  /**
   * Called with the number of received bytes, and the total number if it is known. If it throws, the download stops.
   */
  readonly onProgress?: (received: number, whole: number | undefined) => void;
}

/** The rest of an interrupted download, and the version of the file. */
interface Partial {
  readonly bytes: number;
  readonly version: string | undefined;
}

async function readPartial(path: string): Promise<Partial> {
  const version = await readFile(`${path}.version`, 'utf8').catch(() => undefined);
  const bytes = version === undefined ? 0 : ((await stat(path).catch(() => undefined))?.size ?? 0);
  return { bytes, version };
}

/** Deletes a complete or partial file and its version. */
export async function forgetPartial(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.version`, { force: true });
}

/**
 * Receives the missing part of a file, and appends it to `path`. If the connection breaks, the received part stays
 * there.
 * @throws MicroYoloError if the server has no such file, or it is too large; otherwise the network error
 */
export async function receiveFile(url: URL, path: string, options: ReceiveOptions): Promise<void> {
  const left = await readPartial(path);
  const patience = options.patience ?? 30_000;
  checkRange('patience', patience, 1, LONGEST_WAIT);
  const stall = new AbortController();
  const lost = () => stall.abort(new Error(`no answer for ${patience / 1000} s`));
  let timer = setTimeout(lost, patience);
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(lost, patience);
  };
  let isStale = false;
  try {
    // With compression, the length would differ from the announced one.
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (left.bytes > 0) Object.assign(headers, { range: `bytes=${left.bytes}-`, 'if-range': left.version! });
    const response = await fetch(url, { headers, signal: stall.signal });
    // The partial file then does not match the file on the server.
    isStale = response.status === 416 && left.bytes > 0;
    if (!isStale) await receiveBody(response, left, { url, path, options, signal: stall.signal, wait });
  } finally {
    clearTimeout(timer);
    // An unread response would keep the process alive.
    stall.abort();
  }
  if (!isStale) return;
  await forgetPartial(path);
  await receiveFile(url, path, options);
}

interface Receiving {
  readonly url: URL;
  readonly path: string;
  readonly options: ReceiveOptions;
  readonly signal: AbortSignal;
  /** Called for each chunk, to restart the timeout. */
  readonly wait: () => void;
}

/** Appends a response to the partial file, or replaces it. */
async function receiveBody(
  response: Response,
  left: Partial,
  { url, path, options, signal, wait }: Receiving,
): Promise<void> {
  const { maxBytes = 512 * 2 ** 20, onProgress } = options;
  if (!response.ok || !response.body) {
    const isBusy = response.status === 429 || response.status >= 500;
    throw new MicroYoloError(
      isBusy ? 'unreachable' : response.status === 404 ? 'not-found' : 'invalid-file',
      `${url}: the server answers ${response.status} ${response.statusText}, expected a model file; ${isBusy ? 'try again later' : 'check the address'}`,
    );
  }
  if (new URL(response.url).protocol !== url.protocol && url.protocol === 'https:') {
    throw new MicroYoloError('invalid-argument', `${url}: redirects to ${response.url}, expected https`);
  }
  const start = response.status === 206 ? left.bytes : 0;
  const length = response.headers.has('content-encoding') ? null : response.headers.get('content-length');
  const whole = length === null ? undefined : start + Number(length);
  const tooLarge = (bytes: number) =>
    new MicroYoloError(
      'invalid-file',
      `${url}: ${bytes} bytes, expected at most ${maxBytes}; is it a model?`,
    );
  try {
    if (whole !== undefined && whole > maxBytes) throw tooLarge(whole);
    const part = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
    if (response.status === 206 && part && Number(part[1]) !== start) {
      const problem = `${url}: the server sends bytes from ${part[1]}, expected from ${start}`;
      throw new MicroYoloError('invalid-file', `${problem}; try again`);
    }
    const etag = response.headers.get('etag');
    const version = etag ?? response.headers.get('last-modified');
    // A weak ETag may stand for different bytes.
    if (version && !version.startsWith('W/')) await writeFile(`${path}.version`, version);
    else await rm(`${path}.version`, { force: true });
    let received = start;
    const counted = new Transform({
      transform(piece: Buffer, _, done) {
        wait();
        received += piece.length;
        try {
          onProgress?.(received, whole);
        } catch (error) {
          // An error thrown from a stream would end the process.
          done(error as Error);
          return;
        }
        done(received > maxBytes ? tooLarge(received) : null, piece);
      },
    });
    const body = Readable.fromWeb(response.body as ReadableStream);
    const file = createWriteStream(path, { flags: start > 0 ? 'a' : 'w' });
    await pipeline(body, counted, file, { signal });
    if (whole !== undefined && received !== whole) throw new Error(`${received} of ${whole} bytes arrived`);
    const { size } = await stat(path);
    if (size !== received) {
      const problem = `${size} bytes in ${path}, expected ${received}: another process also writes there`;
      throw new MicroYoloError('invalid-file', `${url}: ${problem}; try again`);
    }
  } catch (error) {
    if (error instanceof MicroYoloError) await forgetPartial(path);
    throw error;
  }
}
