import { interruptedByReturn, untilAborted } from '../../foundation/abort.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError, printableValue } from '../../foundation/errors/errors.ts';
import type { RgbImage } from '../decode.ts';
import { Program, QUIET } from './ffmpeg.ts';
import { latestOf } from './latest.ts';
import { ppmFrames } from './ppm-frames.ts';
import { probeVideo } from './probe.ts';
import { inputArguments } from './source.ts';

/** Which frames of a video are read. */
export interface ReadFramesOptions {
  /** Reads only every Nth frame, starting with the first. @default 1 */
  readonly every?: number | undefined;
  /** Whether a frame that nobody has taken is dropped when the next one arrives. Useful for cameras. @default false */
  readonly dropLate?: boolean | undefined;
}

export const READ_FRAMES_KINDS: OptionKinds<ReadFramesOptions> = { every: 'number', dropLate: 'boolean' };

/** A frame of a video. */
export interface VideoFrame {
  /** Frame number in the video, from 0. */
  readonly frame: number;
  /** Seconds from the start of the video, computed from its frame rate. */
  readonly time: number;
  /** Upright pixels. */
  readonly image: RgbImage;
}

async function* decodedFrames(
  source: string,
  every: number,
  frameRate: number,
  { signal, onTorn }: Pick<FrameReading, 'signal' | 'onTorn'>,
): AsyncGenerator<VideoFrame> {
  const select = every === 1 ? [] : ['-vf', `select=not(mod(n\\,${every}))`];
  const output = [
    '-an',
    '-sn',
    ...select,
    '-fps_mode',
    'passthrough',
    // Otherwise ffmpeg writes videos of 10 bits or more with 16 bits per channel.
    '-pix_fmt',
    'rgb24',
    '-f',
    'image2pipe',
    '-c:v',
    'ppm',
    'pipe:1',
  ];
  await using program = new Program('ffmpeg', [
    ...QUIET,
    ...inputArguments(source),
    '-map',
    '0:v:0',
    ...output,
  ]);
  let count = 0;
  const images = ppmFrames(program.process.stdout! as AsyncIterable<Buffer>);
  for await (const image of untilAborted(images, signal)) {
    const frame = every * count++;
    yield { frame, time: frame / frameRate, image };
  }
  const problem = await program.end(source);
  if (count === 0)
    throw new MicroYoloError('invalid-file', `${source}: contains no frames; choose another file`);
  if (problem !== undefined) onTorn?.(`truncated or damaged (${problem}); some frames may be missing`);
}

/** How frames are read. */
export interface FrameReading {
  /** Frames per second. @default the video's frame rate */
  readonly frameRate?: number | undefined;
  /** Aborts reading, which then throws `interrupted`. */
  readonly signal?: AbortSignal | undefined;
  /** Called after the last frame of a truncated or damaged video, with the problem. @default nothing is reported */
  readonly onTorn?: ((message: string) => void) | undefined;
}

/**
 * Reads a video's frames with ffmpeg: upright, in RGB, one at a time. If frames are taken more slowly, ffmpeg waits.
 * @param source a file, an RTSP or https address, or a camera such as /dev/video0
 * @throws MicroYoloError `unsupported` without ffmpeg, `invalid-file` if it is not a video, `invalid-argument`,
 *   `interrupted`
 */
export function readFrames(
  source: string,
  options: ReadFramesOptions = {},
  { signal, ...reading }: FrameReading = {},
): AsyncGenerator<VideoFrame> {
  return interruptedByReturn((inner) => framesOf(source, options, { ...reading, signal: inner }), signal);
}

async function* framesOf(
  source: string,
  options: ReadFramesOptions,
  { frameRate, signal, onTorn }: FrameReading,
): AsyncGenerator<VideoFrame> {
  if (typeof source !== 'string') {
    throw new MicroYoloError(
      'invalid-argument',
      `video ${printableValue(source)}: expected a string, the path or address of a video`,
    );
  }
  checkOptions('video options', options, READ_FRAMES_KINDS);
  const { every = 1, dropLate = false } = options;
  checkRange('every', every, 1, 1_000_000, true);
  const rate = frameRate ?? (await probeVideo(source, signal)).frameRate;
  const frames = decodedFrames(source, every, rate, { signal, onTorn });
  yield* dropLate ? latestOf(frames) : frames;
}
