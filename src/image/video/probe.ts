import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { checkAborted, unlessAborted } from '../../foundation/abort.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { Program } from './ffmpeg.ts';
import { inputArguments } from './source.ts';

/** Facts about a video that are known before it is read. */
export interface VideoFacts {
  /** Frames per second. */
  readonly frameRate: number;
  /** Number of frames, if the file states it. */
  readonly frames: number | undefined;
}

const streamsSchema = z.object({
  streams: z.array(
    z.object({
      avg_frame_rate: z.string().optional(),
      r_frame_rate: z.string().optional(),
      nb_frames: z.string().optional(),
    }),
  ),
});

const USUAL_RATE = 30;

/** Parses a fraction such as `30000/1001`. */
function fraction(written: string | undefined): number | undefined {
  const [above = 0, below = 1] = (written ?? '').split('/').map(Number);
  const value = above / below;
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/**
 * Reads the header of a video, or the properties of a camera.
 * @param signal ends ffprobe, which might otherwise wait for a camera without end
 * @throws MicroYoloError `unsupported` without ffprobe, `invalid-file` if there is no video stream, `interrupted` if the
 *   signal aborts
 */
export async function probeVideo(source: string, signal?: AbortSignal): Promise<VideoFacts> {
  checkAborted(signal);
  const entries = ['-show_entries', 'stream=avg_frame_rate,r_frame_rate,nb_frames', '-select_streams', 'v:0'];
  await using program = new Program('ffprobe', [
    ...['-v', 'error', '-of', 'json', ...entries],
    ...inputArguments(source),
  ]);
  const written = await unlessAborted(text(program.process.stdout!), signal);
  await program.end(source);
  const [stream] = streamsSchema.parse(JSON.parse(written === '' ? '{"streams":[]}' : written)).streams;
  if (!stream) throw new MicroYoloError('invalid-file', `${source}: contains no video; choose another file`);
  return {
    frameRate: fraction(stream.avg_frame_rate) ?? fraction(stream.r_frame_rate) ?? USUAL_RATE,
    frames: Number(stream.nb_frames) > 0 ? Number(stream.nb_frames) : undefined,
  };
}
