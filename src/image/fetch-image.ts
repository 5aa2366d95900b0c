import { checkSecure, downloadFailure, isLocal } from '../foundation/addresses.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';

export interface FetchImageOptions {
  /** Maximum file size in bytes. Larger files are rejected. @default 100,000,000 */
  readonly maxBytes?: number;
  /** Time limit for the whole download, in milliseconds. @default 60,000 */
  readonly timeout?: number;
}

const MAX_BYTES = 100_000_000;
const TIMEOUT = 60_000;
const MAX_REDIRECTS = 5;

function unreachable(url: URL, problem: string, remedy: string, cause?: unknown): MicroYoloError {
  return new MicroYoloError('unreachable', `${url}: ${problem}; ${remedy}`, { cause });
}

/** Requests an address and follows redirects. Each target must be as secure as the first address. */
async function request(address: URL, signal: AbortSignal): Promise<Response> {
  let url = address;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    checkSecure(url, 'image');
    if (isLocal(url) && !isLocal(address)) {
      throw new MicroYoloError(
        'invalid-file',
        `${address}: redirects to ${url}, a server on this machine; check the address`,
      );
    }
    const response = await fetch(url, { redirect: 'manual', signal });
    const target = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || target === null) return response;
    await response.body?.cancel();
    if (!URL.canParse(target, url.href)) {
      throw new MicroYoloError(
        'invalid-file',
        `${address}: redirects to ${target}, which is not an address; check the address`,
      );
    }
    url = new URL(target, url);
  }
  throw new MicroYoloError(
    'invalid-file',
    `${address}: redirects more than ${MAX_REDIRECTS} times; check the address`,
  );
}

function checkResponse(url: URL, { status, headers }: Response): void {
  if (status === 404 || status === 410) {
    throw new MicroYoloError('not-found', `${url}: no such image (HTTP ${status}); check the address`);
  }
  if (status >= 500 || status === 429) throw unreachable(url, `HTTP ${status}`, 'try again later');
  if (status !== 200) {
    throw new MicroYoloError('invalid-file', `${url}: HTTP ${status}, expected an image; check the address`);
  }
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  if (/^text\/|^application\/(json|xhtml\+xml|xml)$/i.test(type.trim())) {
    throw new MicroYoloError(
      'invalid-file',
      `${url}: the server sends ${type.trim()}, expected an image; check the address`,
    );
  }
}

async function receive(url: URL, response: Response, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () =>
    new MicroYoloError(
      'invalid-file',
      `${url}: more than ${maxBytes.toLocaleString('en-US')} bytes; download the file and shrink it`,
    );
  if (Number(response.headers.get('content-length')) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const pieces: Uint8Array[] = [];
  let received = 0;
  // Leaving the loop closes the connection.
  for await (const piece of response.body ?? []) {
    received += piece.byteLength;
    if (received > maxBytes) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/**
 * Downloads an image file into memory. Plain http is only accepted from this machine.
 * @throws MicroYoloError `not-found` for HTTP 404, `unreachable` if offline or if the server does not answer in time,
 *   `invalid-argument` for http
 * @throws MicroYoloError `invalid-file` for a web page, a file that is too large, or too many redirects
 */
export async function fetchImage(url: URL, options: FetchImageOptions = {}): Promise<Uint8Array> {
  const { maxBytes = MAX_BYTES, timeout = TIMEOUT } = options;
  const signal = AbortSignal.timeout(timeout);
  try {
    const response = await request(url, signal);
    checkResponse(url, response);
    return await receive(url, response, maxBytes);
  } catch (error) {
    if (error instanceof MicroYoloError) throw error;
    if (signal.aborted)
      throw unreachable(url, `not received within ${timeout / 1000} s`, 'try again later', error);
    const { code, hint } = downloadFailure(error);
    throw unreachable(
      url,
      `cannot be downloaded (${code}${hint})`,
      'check the address and the connection',
      error,
    );
  }
}
