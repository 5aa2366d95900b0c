import * as z from 'zod';
import { isInterruption } from '../../foundation/abort.ts';
import { counted } from '../../foundation/counted.ts';
import { MicroYoloError, printable } from '../../foundation/errors/errors.ts';
import { type DetectVideoOptions, detectVideo } from '../../tasks/detect/detect-video.ts';
import type { FrameCounts } from '../../tasks/detect/frame-detections.ts';
import { integerFlag } from '../flags/read-flags.ts';
import { ImageProgress } from '../terminal/image-progress.ts';
import { EXIT } from '../terminal/report.ts';
import { stopSignal } from '../terminal/stop-signal.ts';
import { formatTable } from '../terminal/table.ts';

/** `x1,y1,x2,y2 …` in pixels. */
function pointsFlag(least: number, most: number, expected: string) {
  return z.string().transform((text, context): (readonly [number, number])[] => {
    const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
    const isRight = values.length % 2 === 0 && values.length >= 2 * least && values.length <= 2 * most;
    if (isRight && values.every(Number.isFinite))
      return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i]!, values[2 * i + 1]!]);
    context.addIssue({ code: 'custom', message: `${JSON.stringify(text)}: expected ${expected}` });
    return z.NEVER;
  });
}

/** Flags that only apply to videos. */
export const videoFlags = {
  track: z.boolean().default(false),
  every: integerFlag(1, 1_000_000).optional(),
  dropLate: z.boolean().default(false),
  line: z
    .array(pointsFlag(2, 2, 'x1,y1,x2,y2 in pixels').transform(([start, end]) => [start!, end!] as const))
    .default([]),
  zone: z.array(pointsFlag(3, 1000, 'x1,y1,x2,y2,x3,y3 … in pixels')).default([]),
};

export type VideoFlags = z.output<z.ZodObject<typeof videoFlags>>;

/** Names of the video flags that the user passed. */
export function givenVideoFlags({ track, every, dropLate, line, zone }: VideoFlags): readonly string[] {
  const given = {
    '--track': track,
    '--every': every !== undefined,
    '--drop-late': dropLate,
    '--line': line.length > 0,
    '--zone': zone.length > 0,
  };
  return Object.entries(given).flatMap(([flag, isGiven]) => (isGiven ? [flag] : []));
}

/** Totals for a whole video. */
class VideoSummary {
  readonly #objects = new Map<string, { detections: number; ids: Set<number> }>();
  #frames = 0;
  #counts: FrameCounts = { lines: [], zones: [] };

  get frames(): number {
    return this.#frames;
  }

  add(detections: readonly { readonly label: string; readonly id?: number }[], counts: FrameCounts): void {
    this.#frames++;
    this.#counts = counts;
    for (const { label, id } of detections) {
      const object = this.#objects.get(label) ?? { detections: 0, ids: new Set() };
      this.#objects.set(label, object);
      object.detections++;
      if (id !== undefined) object.ids.add(id);
    }
  }

  toJson(video: string, frameRate: number, isTracking: boolean): string {
    const labels = [...this.#objects].map(([label, { detections, ids }]) => [
      label,
      { detections, ...(isTracking && { objects: ids.size }) },
    ]);
    const { lines, zones } = this.#counts;
    const found = { video, frameRate, frames: this.#frames, labels: Object.fromEntries(labels) };
    return JSON.stringify({ ...found, lines, zones }, null, 2);
  }

  print(isTracking: boolean): void {
    const right = (title: string) => ({ title, align: 'right' as const });
    const rows = [...this.#objects]
      .sort(([, a], [, b]) => b.detections - a.detections)
      .map(([label, { detections, ids }]) => [
        label,
        String(detections),
        ...(isTracking ? [String(ids.size)] : []),
      ]);
    const columns = [{ title: 'label' }, right('detections'), ...(isTracking ? [right('objects')] : [])];
    console.log(rows.length > 0 ? formatTable(columns, rows) : 'no detections');
    for (const [index, { right: toRight, left }] of this.#counts.lines.entries())
      console.log(`line ${index + 1}: ${toRight} to the right, ${left} to the left`);
    for (const [index, { inside, entered, left }] of this.#counts.zones.entries())
      console.log(`zone ${index + 1}: ${entered} entered, ${left} left, ${inside} inside at the end`);
  }
}

/** Runs `detect` on a video. Returns the exit code. */
export async function runDetectVideo(
  options: DetectVideoOptions,
  { json, isStandard }: { readonly json: boolean; readonly isStandard: boolean },
): Promise<number> {
  const progress = new ImageProgress('frames');
  const summary = new VideoSummary();
  const { lines = [], zones = [], track = false } = options;
  const isTracking = track || lines.length + zones.length > 0;
  const started = performance.now();
  let [runtime, frameRate] = ['', 0];
  using stop = stopSignal(() => progress.note('finishing the video; press again to stop at once'));
  try {
    for await (const event of detectVideo(options, { finish: stop.signal })) {
      if (event.type === 'note') progress.note(event.message);
      else if (event.type === 'torn') progress.doubt(options.video, event.message);
      else if (event.type === 'started') {
        ({ runtime, frameRate } = event);
        if (event.frames !== undefined) progress.start(event.frames);
      } else {
        progress.step();
        summary.add(event.detections, event);
      }
    }
  } catch (error) {
    if (stop.signal.aborted && isInterruption(error)) return stop.exitCode;
    throw error;
  } finally {
    progress.stop();
  }
  if (summary.frames === 0 && stop.signal.aborted) return stop.exitCode;
  if (summary.frames === 0) throw new MicroYoloError('invalid-file', `${options.video}: no frame was read`);
  if (json) console.log(summary.toJson(options.video, frameRate, isTracking));
  else if (!isStandard) {
    console.log(printable(runtime));
    summary.print(isTracking);
    const rate = (1000 * summary.frames) / (performance.now() - started);
    const drawn = options.out === undefined ? '' : ` drawn in ${options.out}`;
    console.log(printable(`${counted(summary.frames, 'frame')}${drawn} · ${rate.toFixed(1)} frames/s`));
  }
  if (stop.signal.aborted) return stop.exitCode;
  return progress.doubted > 0 ? EXIT.skipped : EXIT.done;
}
