import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import envPaths from 'env-paths';
import { checkSecure, downloadFailure } from '../../foundation/addresses.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { takeLock } from '../../foundation/files/lock-file.ts';
import { notWritable } from '../../foundation/files/write.ts';
import { readSafetensorsMetadata } from '../formats/safetensors/safetensors.ts';
import { forgetPartial, type ReceiveOptions, receiveFile } from './receive.ts';

/** Options for downloading a file. */
export interface DownloadOptions extends ReceiveOptions {
  /** Folder for downloads. @default `modelCacheFolder()` */
  readonly folder?: string;
}

/** Folder of downloaded models: `MICRO_YOLO_CACHE`, or the system's cache folder. */
export function modelCacheFolder(): string {
  return process.env['MICRO_YOLO_CACHE'] ?? join(envPaths('micro-yolo', { suffix: '' }).cache, 'models');
}

interface Address {
  /** Address without its fragment. */
  readonly url: URL;
  readonly sha256: string | undefined;
}

function parseAddress(model: string): Address {
  const fail = (expected: string) => {
    throw new MicroYoloError('invalid-argument', `model ${model}: ${expected}`, {
      field: 'model',
      received: model,
    });
  };
  const url = URL.canParse(model)
    ? new URL(model)
    : fail('expected an address, https://HOST/NAME.safetensors')!;
  checkSecure(url, 'model');
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

/** Downloads in progress in this process, by path. */
const running = new Map<string, Promise<void>>();

/**
 * Downloads a model once. A file that already exists is used, and an interrupted download resumes. Concurrent calls in
 * a process share a download. Another process downloads separately.
 * @param model https address of a .safetensors file, optionally followed by `#sha256=` and the expected digest
 * @returns the path of the file
 * @throws MicroYoloError if the download fails. Offline, the message says where to put the file
 */
export async function downloadModel(model: string, options: DownloadOptions = {}): Promise<string> {
  const { url, sha256 } = parseAddress(model);
  const place = createHash('sha256').update(url.href).digest('hex').slice(0, 12);
  const folder = join(options.folder ?? modelCacheFolder(), place);
  const path = join(folder, basename(url.pathname));
  return downloadFile(path, url, sha256, options, (partial) => checkModelFile(partial, url));
}

/**
 * Downloads a file to a path once, and checks it, even if it already existed.
 * @param sha256 expected digest, if known
 * @param check checks the downloaded file before it is moved to the path
 * @returns the path
 * @throws MicroYoloError if the download fails, or the file is another one; an existing file is not changed
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
    `${path}: SHA-256 ${found}, expected ${sha256}; check the digest, or remove the file to download it again`,
    { path },
  );
}

/** Without this check, a web page or a Git LFS pointer would be kept as the model. */
async function checkModelFile(partial: string, url: URL): Promise<void> {
  try {
    await readSafetensorsMetadata(partial);
  } catch (error) {
    await forgetPartial(partial);
    const problem = `${url}: the server did not send a safetensors file`;
    throw new MicroYoloError('invalid-file', `${problem}; not kept, check the address`, { cause: error });
  }
}

/** If the path does not exist, downloads to a file beside it, checks that file, and moves it to the path. */
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

async function receiveWhole(path: string, partial: string, url: URL, options: ReceiveOptions): Promise<void> {
  try {
    await receiveFile(url, partial, options);
  } catch (error) {
    if (error instanceof MicroYoloError) throw error;
    const { code: reason, hint } = downloadFailure(error);
    if (ofDisk.includes(reason)) throw notWritable(partial, error);
    throw new MicroYoloError(
      'unreachable',
      `${url}: cannot be downloaded (${reason}${hint}); try again, or place the file at ${path}`,
      { cause: error },
    );
  }
}
