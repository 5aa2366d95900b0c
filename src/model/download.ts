import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import envPaths from 'env-paths';
import { MicroYoloError, systemErrorCode } from '../errors.ts';
import { makeFolder, notWritable } from '../files.ts';
import { forgetPartial, type ReceiveOptions, receiveFile } from './receive.ts';

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

function parseAddress(model: string): Address {
  const fail = (expected: string) => {
    throw new MicroYoloError('invalid-argument', `model ${model}: ${expected}`);
  };
  const url = URL.canParse(model)
    ? new URL(model)
    : fail('expected an address, https://HOST/NAME.safetensors')!;
  if (url.protocol !== 'https:' && !LOCAL_HOSTS.includes(url.hostname)) {
    fail('expected https, for what is sent without it may be changed on its way');
  }
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

/**
 * Downloads a model once: a file that is there already is taken as it is, one that broke off is gone on with.
 * @param model https address of a .safetensors file, at its end, where wanted, `#sha256=` and the digest it must have
 * @returns the path of the file
 * @throws MicroYoloError where it cannot be had; offline it says what to place where
 */
export async function downloadModel(model: string, options: DownloadOptions = {}): Promise<string> {
  const { url, sha256 } = parseAddress(model);
  const place = createHash('sha256').update(url.href).digest('hex').slice(0, 12);
  const folder = join(options.folder ?? modelCacheFolder(), place);
  const path = join(folder, basename(url.pathname));
  const verify = async (file: string) => {
    const found = sha256 && (await digest(file));
    if (found === sha256) return;
    await forgetPartial(file);
    throw new MicroYoloError(
      'invalid-file',
      `${url}: SHA-256 ${found}, expected ${sha256}; not kept, check the address and the digest`,
    );
  };
  if (await stat(path).catch(() => undefined)) {
    await verify(path);
    return path;
  }
  await makeFolder(folder);
  const partial = `${path}.part`;
  try {
    await receiveFile(url, partial, options);
  } catch (error) {
    if (error instanceof MicroYoloError) throw error;
    const reason = reasonOf(error);
    if (ofDisk.includes(reason)) throw notWritable(partial, error);
    throw new MicroYoloError(
      'not-found',
      `${url}: cannot be downloaded (${reason}); try again, or place the file at ${path}`,
      { cause: error },
    );
  }
  await verify(partial);
  await rename(partial, path);
  await forgetPartial(partial);
  return path;
}
