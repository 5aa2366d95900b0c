import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { MicroYoloError, systemErrorCode } from '../errors.ts';
import { makeFolder, notWritable } from '../files.ts';
import { takeLock } from '../lock-file.ts';
import { forgetPartial, type ReceiveOptions, receiveFile } from './receive.ts';
import { readSafetensorsMetadata } from './safetensors.ts';

export interface DownloadOptions extends ReceiveOptions {
  /** Where downloads stay. @default `modelCacheFolder()` */
  readonly folder?: string;
}

const LOCAL_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Whether a model is named by an address. */
export function isModelUrl(model: string): boolean {
  return /^https?:\/\//i.test(model);
}

/** Folder of downloaded models: that of `MICRO_YOLO_CACHE`, else the system's for caches. */
export function modelCacheFolder(): string {
  return process.env['MICRO_YOLO_CACHE'] ?? join(envPaths('micro-yolo', { suffix: '' }).cache, 'models');
}

interface Address {
  /** Without its fragment. */
  readonly url: URL;
  readonly sha256: string | undefined;
}

/**
 * @param what messages call it
 * @throws MicroYoloError `invalid-argument` for an address without https, unless it is this machine's own
 */
export function checkAddress(url: URL, what: string): void {
  if (url.protocol === 'https:' || LOCAL_HOSTS.includes(url.hostname)) return;
  throw new MicroYoloError(
    'invalid-argument',
    `${what}: expected https, for what is sent without it may be changed on its way`,
  );
}

function parseAddress(model: string): Address {
  const fail = (expected: string) => {
    throw new MicroYoloError('invalid-argument', `model ${model}: ${expected}`);
  };
  const url = URL.canParse(model)
    ? new URL(model)
    : fail('expected an address, https://HOST/NAME.safetensors')!;
  checkAddress(url, `model ${model}`);
  if (!url.pathname.endsWith('.safetensors')) fail('expected an address that ends in .safetensors');
  const sha256 = /^#sha256=([0-9a-f]{64})$/i.exec(url.hash)?.[1]?.toLowerCase();
  if (url.hash !== '' && sha256 === undefined)
    fail('expected #sha256= and 64 hexadecimal digits, or nothing');
  url.hash = '';
  return { url, sha256 };
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

const ofDisk = ['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EPERM', 'EISDIR', 'ENOTDIR'];

/** What kept the file from coming, in a few words. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return systemErrorCode(cause) ?? (cause instanceof Error ? cause.message : String(cause));
}

/** Downloads under way in this process, by path. */
const running = new Map<string, Promise<void>>();

/**
 * Downloads a model once: a file that is there already is taken as it is, one that broke off is gone on with. Of several
 * that want it at once, those of one process share a download; another process makes one of its own.
 * @param model https address of a .safetensors file, at its end, where wanted, `#sha256=` and the digest it must have
 * @returns the path of the file
 * @throws MicroYoloError where it cannot be had; offline it says what to place where
 */
export async function downloadModel(model: string, options: DownloadOptions = {}): Promise<string> {
  const { url, sha256 } = parseAddress(model);
  const place = createHash('sha256').update(url.href).digest('hex').slice(0, 12);
  const folder = join(options.folder ?? modelCacheFolder(), place);
  const path = join(folder, basename(url.pathname));
  return downloadFile(path, url, sha256, options, (partial) => checkModelFile(partial, url));
}

/**
 * Downloads a file to a path once, and checks it, also if it was there already.
 * @param sha256 the digest it must have, if one is known
 * @param check of what arrived, before it is put in its place
 * @returns the path
 * @throws MicroYoloError where it cannot be had, or is another file; what is there already is left as it is
 */
export async function downloadFile(
  path: string,
  url: URL,
  sha256: string | undefined,
  options: ReceiveOptions,
  check: (partial: string) => Promise<void> = async () => {},
): Promise<string> {
  const download =
    running.get(path) ??
    bring(path, { url, sha256 }, options, check).finally(() => {
      running.delete(path);
    });
  running.set(path, download);
  await download;
  const found = sha256 && (await digest(path));
  if (found === sha256) return path;
  throw new MicroYoloError(
    'invalid-file',
    `${path}: SHA-256 ${found}, expected ${sha256}; check the digest, or remove the file to fetch it again`,
  );
}

/** A page of a web site, or a pointer to the file, would be taken for the model ever after. */
async function checkModelFile(partial: string, url: URL): Promise<void> {
  try {
    await readSafetensorsMetadata(partial);
  } catch (error) {
    await forgetPartial(partial);
    const problem = `${url}: what the server sends is no safetensors file`;
    throw new MicroYoloError('invalid-file', `${problem}; not kept, check the address`, { cause: error });
  }
}

/** Where there is no file yet: downloads into one beside the path, checks it, and puts it in its place. */
async function bring(
  path: string,
  { url, sha256 }: Address,
  options: ReceiveOptions,
  check: (partial: string) => Promise<void>,
): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  await makeFolder(dirname(path));
  const lock = `${path}.lock`;
  const isMine = await takeLock(lock);
  const partial = isMine ? `${path}.part` : `${path}.${process.pid}-${hostname()}.part`;
  try {
    await receiveWhole(path, partial, url, options);
    const found = sha256 && (await digest(partial));
    if (found !== sha256) {
      await forgetPartial(partial);
      throw new MicroYoloError(
        'invalid-file',
        `${url}: SHA-256 ${found}, expected ${sha256}; not kept, check the address and the digest`,
      );
    }
    await check(partial);
    await rename(partial, path).catch((error: unknown) => {
      throw notWritable(path, error);
    });
    await forgetPartial(partial);
  } finally {
    if (isMine) await rm(lock, { force: true });
    else await forgetPartial(partial);
  }
}

const ofConnection =
  /^(E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|HOSTUNREACH|NETUNREACH)|UND_ERR_\w+)$/;

/** A word on a proxy that the environment names and Node passes by. */
function proxyHint(reason: string): string {
  const { HTTPS_PROXY, https_proxy, NODE_USE_ENV_PROXY } = process.env;
  const isUnused = (HTTPS_PROXY ?? https_proxy) && NODE_USE_ENV_PROXY !== '1';
  if (!isUnused || !ofConnection.test(reason)) return '';
  return '; Node 22.21 and later take the proxy with NODE_USE_ENV_PROXY=1';
}

async function receiveWhole(path: string, partial: string, url: URL, options: ReceiveOptions): Promise<void> {
  try {
    await receiveFile(url, partial, options);
  } catch (error) {
    if (error instanceof MicroYoloError) throw error;
    const reason = reasonOf(error);
    if (ofDisk.includes(reason)) throw notWritable(partial, error);
    throw new MicroYoloError(
      'unreachable',
      `${url}: cannot be downloaded (${reason}${proxyHint(reason)}); try again, or place the file at ${path}`,
      { cause: error },
    );
  }
}
