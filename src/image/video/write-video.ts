import { rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { notWritable } from '../../foundation/files/write.ts';
import { type RawImage, rgbOf } from '../sources.ts';
import { Program, QUIET } from './ffmpeg.ts';
import { fileArgument } from './source.ts';

/** Encoders by extension, for formats that every player supports. */
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-pix_fmt', 'yuv420p'];
const VP9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-pix_fmt', 'yuv420p'];
const ENCODERS: Readonly<Record<string, readonly string[]>> = {
  '.mp4': [...H264, '-movflags', '+faststart'],
  '.mov': H264,
  '.mkv': H264,
  '.avi': ['-c:v', 'mpeg4', '-q:v', '4', '-pix_fmt', 'yuv420p'],
  '.webm': VP9,
};

/** @throws MicroYoloError `invalid-argument` for an unsupported video extension */
export function checkVideoPath(path: string): void {
  if (extname(path).toLowerCase() in ENCODERS) return;
  const expected = Object.keys(ENCODERS).join(', ');
  throw new MicroYoloError('invalid-argument', `out ${path}: not a video extension, expected ${expected}`);
}

/**
 * Writes frames of the same size to a video file. The file appears at its path when `end` is done. If disposed earlier,
 * the writer leaves nothing behind.
 */
export class VideoWriter implements AsyncDisposable {
  readonly #path: string;
  readonly #partial: string;
  readonly #frameRate: number;
  #open: { readonly program: Program; readonly width: number; readonly height: number } | undefined;

  /** @throws MicroYoloError `invalid-argument` for an unknown extension */
  constructor(path: string, frameRate: number) {
    checkVideoPath(path);
    this.#path = path;
    this.#partial = join(dirname(path), `.${basename(path, extname(path))}.part${extname(path)}`);
    this.#frameRate = frameRate;
  }

  /**
   * Adds a frame. RGBA is shown over white.
   * @throws MicroYoloError `invalid-file` for a frame of another size, `invalid-argument` for a wrong number of pixels,
   *   `not-writable`, `unsupported` without ffmpeg
   */
  async write(image: RawImage): Promise<void> {
    const { data, width, height } = rgbOf(image);
    this.#open ??= await this.#begin(width, height);
    const { program, ...size } = this.#open;
    if (size.width !== width || size.height !== height) {
      throw new MicroYoloError(
        'invalid-file',
        `${this.#path}: a frame of ${width}×${height} px after frames of ${size.width}×${size.height} px; expected frames of one size`,
      );
    }
    // On an error, ffmpeg has exited. Its exit code tells why.
    const isWritten = await new Promise<boolean>((resolve) => {
      program.process.stdin!.write(data, (error) => resolve(!error));
    });
    if (!isWritten) await program.end(this.#path, 'not-writable');
  }

  /** Waits until all frames are encoded. */
  async end(): Promise<void> {
    if (!this.#open) return;
    const { program } = this.#open;
    program.process.stdin!.end();
    await program.end(this.#path, 'not-writable');
    await rename(this.#partial, this.#path).catch((error: unknown) => {
      throw notWritable(this.#path, error);
    });
  }

  async #begin(width: number, height: number) {
    await makeFolder(dirname(this.#path));
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-video_size', `${width}x${height}`];
    const input = [...raw, '-framerate', String(this.#frameRate), '-i', 'pipe:0'];
    // The usual encoders only accept even sides.
    const even = ['-vf', 'pad=ceil(iw/2)*2:ceil(ih/2)*2'];
    const encoder = ENCODERS[extname(this.#path).toLowerCase()]!;
    const args = [...QUIET, '-y', ...input, ...even, ...encoder, fileArgument(this.#partial)];
    return { program: new Program('ffmpeg', args, 'pipe'), width, height };
  }

  /** Stops ffmpeg, and deletes an incomplete file. You can call it more than once. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open?.program[Symbol.asyncDispose]();
    await rm(this.#partial, { force: true });
  }
}
