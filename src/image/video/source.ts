import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MicroYoloError } from '../../foundation/errors/errors.ts';

const EXTENSIONS = [
  ...['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.avi', '.mpg', '.mpeg', '.ts', '.mts', '.m2ts'],
  ...['.wmv', '.flv', '.3gp', '.ogv', '.y4m'],
];
const DEVICE = /^\/dev\/video\d+$/;
const STREAM = /^rtsps?:\/\//i;

/**
 * Whether a text names a video: a file, or a file: or http(s) address, with a video extension, an RTSP address, or a camera such as
 * /dev/video0.
 */
export function isVideo(source: string): boolean {
  if (STREAM.test(source) || DEVICE.test(source)) return true;
  const path = /^https?:\/\//i.test(source) && URL.canParse(source) ? new URL(source).pathname : source;
  return EXTENSIONS.includes(extname(path).toLowerCase());
}

/** Whether frames arrive in real time, even if nobody reads them. */
export function isLive(source: string): boolean {
  return STREAM.test(source) || DEVICE.test(source);
}

/** Converts a path for ffmpeg, so that it is never taken as an option or an address. */
export function fileArgument(path: string): string {
  return `file:${resolve(path)}`;
}

/** @throws MicroYoloError `invalid-argument` for a `file:` address that names no file of this machine */
function pathOf(source: string): string {
  if (!/^file:\/\//i.test(source)) return source;
  try {
    return fileURLToPath(source);
  } catch (error) {
    const reason = error instanceof Error ? ` (${error.message})` : '';
    throw new MicroYoloError(
      'invalid-argument',
      `video ${source}: names no file of this machine${reason}; pass a path`,
    );
  }
}

/**
 * Returns ffmpeg's input arguments. The protocol whitelist keeps a playlist file from opening other kinds of sources.
 */
export function inputArguments(source: string): readonly string[] {
  if (DEVICE.test(source)) return ['-f', 'v4l2', '-i', source];
  if (STREAM.test(source)) return ['-rtsp_transport', 'tcp', '-i', source];
  if (/^https?:\/\//i.test(source)) return ['-protocol_whitelist', 'http,https,tcp,tls,crypto', '-i', source];
  return ['-protocol_whitelist', 'file', '-i', fileArgument(pathOf(source))];
}
