import { clipToImage, xyxyToXywh } from '../../boxes/formats.ts';
import type { ByteTrackOptions } from '../../boxes/tracking/byte-track.ts';
import { ObjectTracker } from '../../boxes/tracking/object-tracker.ts';
import {
  type Detection,
  type DetectionResult,
  LOAD_DETECTOR_KINDS,
  type LoadDetectorOptions,
  loadDetector,
} from '../../detection/detector.ts';
import { notesOf } from '../../detection/load-any-model.ts';
import { drawDetections } from '../../drawing/draw-detections.ts';
import { takePixels } from '../../drawing/pixels.ts';
import { anySignal, checkAborted } from '../../foundation/abort.ts';
import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import type { Watch } from '../../foundation/watch.ts';
import type { RgbImage } from '../../image/decode.ts';
import { probeVideo } from '../../image/video/probe.ts';
import { READ_FRAMES_KINDS, type ReadFramesOptions, readFrames } from '../../image/video/read-frames.ts';
import { VideoWriter } from '../../image/video/write-video.ts';
import type { DetectOptions } from '../../options/detect.ts';
import { CALIBRATION_OPTIONS, type CalibrationPhoto } from '../../options/loading.ts';
import { loadCalibrated } from '../models/load-calibrated.ts';
import type { FrameDetection, FrameDetections } from './frame-detections.ts';
import { BestBelow } from './image-results.ts';
import { inspectFrames } from './inspect-frames.ts';
import { checkOutputs } from './outputs/options.ts';
import { FrameCounters, LINE_KINDS, type LineOptions } from './video-counts.ts';
import { openFrameFiles } from './video-files.ts';

/** Options for detecting in a video. */
export interface DetectVideoOptions
  extends LoadDetectorOptions,
    CalibrationPhoto,
    ReadFramesOptions,
    LineOptions {
  /** A file, an RTSP or https address, or a camera such as /dev/video0. */
  readonly video: string;
  /** A path, an https address, or the name of a bundled model. */
  readonly model: string;
  /** Options for detection. @default `DETECT_DEFAULTS`; with tracking, a score threshold of 0.1 */
  readonly detect?: DetectOptions | undefined;
  /** Video to write, with the detections drawn. @default none */
  readonly out?: string | undefined;
  /** JSON Lines file to write, one line per frame. `-` is standard output. @default none */
  readonly jsonl?: string | undefined;
  /** CSV file to write, one row per detection. `-` is standard output. @default none */
  readonly csv?: string | undefined;
  /** Whether to track objects from frame to frame. Always true with lines or zones. @default false */
  readonly track?: boolean | undefined;
  /** Options for tracking. @default those of ByteTrack's authors */
  readonly tracking?: Omit<ByteTrackOptions, 'frameRate'> | undefined;
}

const KINDS: OptionKinds<DetectVideoOptions> = {
  ...LOAD_DETECTOR_KINDS,
  ...READ_FRAMES_KINDS,
  ...LINE_KINDS,
  video: 'required string',
  model: 'required string',
  detect: 'object',
  ...CALIBRATION_OPTIONS,
  out: 'string',
  jsonl: 'string',
  csv: 'string',
  track: 'boolean',
  tracking: 'object',
};

/** How detection in a video ends early. */
export interface DetectVideoWatch extends Pick<Watch<never>, 'signal'> {
  /**
   * Ends the video after the frames that have been read: all outputs are completed, as at the end of a file. While the
   * video or the model is being opened, `detectVideo` instead throws `interrupted`.
   */
  readonly finish?: AbortSignal | undefined;
}

/** Progress events of detecting in a video. */
export type DetectVideoEvent =
  | { readonly type: 'note'; readonly message: string }
  | {
      readonly type: 'started';
      readonly runtime: string;
      /** Frames per second of the video. */
      readonly frameRate: number;
      /** Number of frames to process. Undefined if the video does not state its length. */
      readonly frames: number | undefined;
      readonly loading: number;
    }
  | ({ readonly type: 'frame' } & FrameDetections)
  /** After the last frame: the video is truncated or damaged, so frames may be missing. */
  | { readonly type: 'torn'; readonly message: string };

/** The tracked objects at their estimated positions. */
function followed(
  tracker: ObjectTracker<Detection>,
  { detections, ...size }: DetectionResult,
): readonly FrameDetection[] {
  return tracker.update(detections).map(({ id, corners, detection }) => ({
    ...detection,
    box: xyxyToXywh(clipToImage(corners, size)),
    id,
  }));
}

async function draw(image: RgbImage, detections: readonly FrameDetection[]): Promise<RgbImage> {
  const boxes = detections.map((found) =>
    found.id === undefined ? found : { ...found, label: `${found.label} ${found.id}`, classId: found.id },
  );
  return takePixels((await drawDetections(image, boxes)).getContext('2d'), image);
}

/**
 * Detects objects in a video, and tracks them with `track`. Yields a result as soon as its frame is done, and keeps
 * none. Requires ffmpeg.
 * @throws MicroYoloError `unsupported` without ffmpeg, `invalid-file` if the input is not a video, `interrupted` if the
 * signal aborts, and as `detectImages`
 */
export async function* detectVideo(
  options: DetectVideoOptions,
  { signal, finish }: DetectVideoWatch = {},
): AsyncGenerator<DetectVideoEvent> {
  const started = performance.now();
  checkOptions('detectVideo options', options, KINDS);
  checkAborted(anySignal(signal, finish));
  const { video, model: name, detect = {}, out, jsonl, csv, every, dropLate = false, ...others } = options;
  const { track = false, tracking, lines, zones, ...loading } = others;
  const counters = new FrameCounters({ lines, zones });
  const isTracking = track || counters.isCounting;
  if (tracking !== undefined && !isTracking) {
    throw new MicroYoloError(
      'invalid-argument',
      `${option('tracking')}: has no effect without ${option('track')}, ${option('lines')} or ${option('zones')}; pass one of them too`,
      { field: 'tracking', received: tracking },
    );
  }
  await checkOutputs({ jsonl, csv }, [video, name, loading.weights, loading.names, out]);
  if (out !== undefined) await checkOverwritesNone(out, [video, name], 'what is read');
  const { frameRate, frames: all } = await probeVideo(video, anySignal(signal, finish));
  const shownRate = frameRate / (every ?? 1);
  await using writer = out === undefined ? undefined : new VideoWriter(out, shownRate);
  const { calibrate, truth, ...running } = loading;
  const loaded = await loadCalibrated(name, loading);
  for (const message of notesOf(loaded)) yield { type: 'note', message };
  await using detector = await loadDetector(loaded.model, { shareCores: true, ...running });
  const settings = isTracking
    ? { scoreThreshold: tracking?.lowThreshold ?? 0.1, ...defined(detect) }
    : detect;
  detector.check(settings);
  const tracker = isTracking
    ? new ObjectTracker<Detection>({ ...tracking, frameRate: shownRate })
    : undefined;
  // Opening empties the files of an earlier run, so from here on nothing may be refused.
  checkAborted(anySignal(signal, finish));
  await using files = await openFrameFiles({ jsonl, csv });
  const frames = all === undefined ? undefined : Math.ceil(all / (every ?? 1));
  const { runtime } = detector;
  yield { type: 'started', runtime, frameRate, frames, loading: performance.now() - started };

  const best = new BestBelow();
  let last: { readonly frame: number; readonly picture: RgbImage } | undefined;
  let torn: string | undefined;
  const onTorn = (message: string) => {
    torn = message;
  };
  const source = readFrames(video, { every, dropLate }, { frameRate, signal, onTorn });
  const inspected = inspectFrames(detector, source, settings, { dropLate, signal, finish });
  for await (const { frame, result } of inspected) {
    const { timings, width, height } = result;
    const detections = tracker ? followed(tracker, result) : result.detections;
    const counts = counters.update(detections);
    const writing = performance.now();
    if (writer) {
      // Frames that came too late are shown as the picture before them, so that the video keeps its speed.
      for (let late = last ? (frame.frame - last.frame) / (every ?? 1) - 1 : 0; late > 0; late--)
        await writer.write(last!.picture);
      last = { frame: frame.frame, picture: await draw(frame.image, detections) };
      await writer.write(last.picture);
    }
    const found = { frame: frame.frame, time: frame.time, width, height, detections, ...counts };
    await files.write(found);
    best.add(`frame ${frame.frame}`, result);
    yield { type: 'frame', ...found, timings, drawing: performance.now() - writing };
  }
  await writer?.end();
  if (torn !== undefined) yield { type: 'torn', message: torn };
  const nothing = best.describe(settings);
  if (nothing !== undefined) yield { type: 'note', message: nothing };
}

function defined(options: DetectOptions): DetectOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
