import { createWriteStream } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { MicroYoloError } from '../errors.ts';

export interface ReceiveOptions {
  /** Largest file that is taken, in bytes. @default 512 MiB */
  readonly maxBytes?: number;
  /** Longest silence of the server, in milliseconds. @default 30,000 */
  readonly patience?: number;
  /** Hears how much has arrived; the whole may not be known. In bytes. */
  readonly onProgress?: (received: number, whole: number | undefined) => void;
}

/** What is left of a download that broke off, and by which version of the file. */
interface Partial {
  readonly bytes: number;
  readonly version: string | undefined;
}

async function readPartial(path: string): Promise<Partial> {
  const version = await readFile(`${path}.version`, 'utf8').catch(() => undefined);
  const bytes = version === undefined ? 0 : ((await stat(path).catch(() => undefined))?.size ?? 0);
  return { bytes, version };
}

/** Removes a file that came in part or whole, and what is known of it. */
export async function forgetPartial(path: string): Promise<void> {
  await rm(path, { force: true });
  await rm(`${path}.version`, { force: true });
}

/**
 * Receives what is missing of a file into `path`; what arrived stays there if the connection breaks.
 * @throws MicroYoloError where the server has no such file, or one that is too large; else what broke
 */
export async function receiveFile(
  url: URL,
  path: string,
  { maxBytes = 512 * 2 ** 20, patience = 30_000, onProgress }: ReceiveOptions,
): Promise<void> {
  const tooLarge = (bytes: number) =>
    new MicroYoloError(
      'invalid-file',
      `${url}: ${bytes} bytes, expected ${maxBytes} at most; is it a model?`,
    );
  const left = await readPartial(path);
  const stall = new AbortController();
  const lost = () => stall.abort(new Error(`no answer for ${patience / 1000} s`));
  let timer = setTimeout(lost, patience);
  try {
    const headers: Record<string, string> =
      left.bytes > 0 ? { range: `bytes=${left.bytes}-`, 'if-range': left.version! } : {};
    const response = await fetch(url, { headers, signal: stall.signal });
    if (!response.ok || !response.body) {
      if (response.status === 416) await forgetPartial(path);
      throw new MicroYoloError(
        response.status === 404 ? 'not-found' : 'invalid-file',
        `${url}: the server answers ${response.status} ${response.statusText}, expected a model file; check the address`,
      );
    }
    if (new URL(response.url).protocol !== url.protocol && url.protocol === 'https:') {
      throw new MicroYoloError('invalid-argument', `${url}: leads to ${response.url}, expected https`);
    }
    const start = response.status === 206 ? left.bytes : 0;
    const length = response.headers.get('content-length');
    const whole = length === null ? undefined : start + Number(length);
    if (whole !== undefined && whole > maxBytes) throw tooLarge(whole);
    const version = response.headers.get('etag');
    // A weak version may stand for other bytes.
    if (version && !version.startsWith('W/')) await writeFile(`${path}.version`, version);
    else await rm(`${path}.version`, { force: true });
    let received = start;
    const counted = new Transform({
      transform(piece: Buffer, _, done) {
        clearTimeout(timer);
        timer = setTimeout(lost, patience);
        received += piece.length;
        onProgress?.(received, whole);
        done(received > maxBytes ? tooLarge(received) : null, piece);
      },
    });
    const body = Readable.fromWeb(response.body as ReadableStream);
    const file = createWriteStream(path, { flags: start > 0 ? 'a' : 'w' });
    await pipeline(body, counted, file, { signal: stall.signal });
    if (whole !== undefined && received !== whole) {
      throw new Error(`${received} of ${whole} bytes arrived`);
    }
  } catch (error) {
    if (error instanceof MicroYoloError && error.code === 'invalid-file') await forgetPartial(path);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
