import { checkOptions, type OptionKinds } from '../../foundation/errors/check-options.ts';
import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { type XyxyPx, xywhToXyxy } from '../formats.ts';
import { assign } from './assign.ts';
import { Track, type TrackedDetection } from './track.ts';

/** How ByteTrack matches detections with tracks, and how long it keeps a lost track. */
export interface ByteTrackOptions {
  /**
   * Detections with a score above this are matched first. Only detections with a score at least 0.1 higher can start a
   * track. 0–1.
   * @default 0.5
   */
  readonly trackThreshold?: number | undefined;
  /** Detections with a score of at most this are ignored, 0–1. @default 0.1 */
  readonly lowThreshold?: number | undefined;
  /** A detection does not match a track if 1 − IoU × score is above this, 0–1. @default 0.8 */
  readonly matchThreshold?: number | undefined;
  /** Frames per second. A track that is lost for a second is removed. @default 30 */
  readonly frameRate?: number | undefined;
}

/** Counters that the trackers of several classes share. */
export interface SharedCounts {
  readonly nextId: () => number;
  /** Number of frames before the first one that this tracker sees. */
  readonly frame: number;
}

const ownCounts = (id = 0): SharedCounts => ({ nextId: () => ++id, frame: 0 });

const KINDS: OptionKinds<ByteTrackOptions> = {
  trackThreshold: 'number',
  lowThreshold: 'number',
  matchThreshold: 'number',
  frameRate: 'number',
};

/** Frames for which a lost track is kept, at 30 frames per second. */
const BUFFER = 30;
/** A detection can start a track if its score exceeds the track threshold by this. */
const NEW_TRACK = 0.1;
const LOW_MATCH = 0.5;
const UNCONFIRMED_MATCH = 0.7;
/** If a tracked and a lost track are closer than this (1 − IoU), they are one object, and the older one stays. */
const DUPLICATE = 0.15;

/**
 * Intersection over union of boxes that include their right and bottom pixels: a box from 2 to 4 is three pixels wide.
 * ByteTrack's authors count this way.
 */
function pixelIou(a: XyxyPx, b: XyxyPx): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]) + 1;
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]) + 1;
  if (!(width > 0 && height > 0)) return 0;
  const area = (box: XyxyPx) => (box[2] - box[0] + 1) * (box[3] - box[1] + 1);
  return (width * height) / (area(a) + area(b) - width * height);
}

/** 1 − IoU of tracks and detections. With scores: 1 − IoU · score. */
function distances<D extends TrackedDetection>(
  tracks: readonly Track<D>[],
  detections: readonly D[],
  byScore: boolean,
): readonly (readonly number[])[] {
  const boxes = detections.map(({ box }) => xywhToXyxy(box));
  return tracks.map(({ corners }) =>
    boxes.map((box, index) => {
      const distance = 1 - pixelIou(corners, box);
      return byScore ? 1 - (1 - distance) * detections[index]!.score : distance;
    }),
  );
}

/** Returns the first list, followed by those elements of the second that the first lacks. */
function joined<T>(first: readonly T[], second: readonly T[]): T[] {
  return [...new Set([...first, ...second])];
}

/**
 * ByteTrack, https://arxiv.org/abs/2110.06864, follows objects from frame to frame by their boxes alone. It first
 * matches detections with high scores. Then it matches those with low scores with the remaining tracks. A half-hidden
 * object has a low score, but is not lost. Ids equal those of the authors' program.
 */
export class ByteTracker<D extends TrackedDetection> {
  readonly #trackThreshold: number;
  readonly #lowThreshold: number;
  readonly #matchThreshold: number;
  readonly #longestLost: number;
  #tracked: Track<D>[] = [];
  #lost: Track<D>[] = [];
  #removed = new Set<Track<D>>();
  readonly #nextId: () => number;
  #frame: number;

  /**
   * @param shared the next id and the number of earlier frames, shared with trackers of other classes
   * @throws MicroYoloError `invalid-argument`
   */
  constructor(options: ByteTrackOptions = {}, { nextId, frame }: SharedCounts = ownCounts()) {
    this.#nextId = nextId;
    this.#frame = frame;
    checkOptions('tracking options', options, KINDS);
    const { trackThreshold = 0.5, lowThreshold = 0.1, matchThreshold = 0.8, frameRate = 30 } = options;
    checkRange('trackThreshold', trackThreshold, 0, 1);
    checkRange('lowThreshold', lowThreshold, 0, 1);
    checkRange('matchThreshold', matchThreshold, 0, 1);
    checkRange('frameRate', frameRate, 0.01, 10_000);
    this.#trackThreshold = trackThreshold;
    this.#lowThreshold = lowThreshold;
    this.#matchThreshold = matchThreshold;
    this.#longestLost = Math.floor((frameRate / 30) * BUFFER);
  }

  /**
   * Processes the detections of the next frame.
   * @returns the confirmed tracks that are visible in this frame
   * @throws MicroYoloError `invalid-argument` for a box that is not finite, or has no area
   */
  update(detections: readonly D[]): readonly Track<D>[] {
    for (const { box } of detections) {
      if (box.every(Number.isFinite) && box[2] > 0 && box[3] > 0) continue;
      throw new MicroYoloError('invalid-argument', `box [${box}]: expected a width and a height above 0`);
    }
    this.#frame++;
    const high = detections.filter(({ score }) => score > this.#trackThreshold);
    const low = detections.filter(({ score }) => score > this.#lowThreshold && score < this.#trackThreshold);
    const unconfirmed = this.#tracked.filter(({ isConfirmed }) => !isConfirmed);
    const pool = joined(
      this.#tracked.filter(({ isConfirmed }) => isConfirmed),
      this.#lost,
    );
    for (const track of pool) track.predict();

    const seen: Track<D>[] = [];
    const refound: Track<D>[] = [];
    const see = (track: Track<D>, detection: D) => {
      (track.state === 'tracked' ? seen : refound).push(track);
      track.see(detection, this.#frame);
    };
    const match = (tracks: readonly Track<D>[], found: readonly D[], limit: number, byScore: boolean) => {
      const { pairs, rows, columns } = assign(distances(tracks, found, byScore), found.length, limit);
      for (const [row, column] of pairs) see(tracks[row]!, found[column]!);
      return { tracks: rows.map((row) => tracks[row]!), found: columns.map((column) => found[column]!) };
    };
    const first = match(pool, high, this.#matchThreshold, true);
    const stillTracked = first.tracks.filter(({ state }) => state === 'tracked');
    const second = match(stillTracked, low, LOW_MATCH, false);
    for (const track of second.tracks) track.state = 'lost';
    const third = match(unconfirmed, first.found, UNCONFIRMED_MATCH, true);
    const removed = [...third.tracks];
    for (const detection of third.found) {
      if (detection.score < this.#trackThreshold + NEW_TRACK) continue;
      seen.push(new Track(this.#nextId(), detection, this.#frame));
    }
    removed.push(...this.#lost.filter(({ frame }) => this.#frame - frame > this.#longestLost));
    for (const track of removed) track.state = 'removed';
    this.#settle(seen, refound, second.tracks, removed);
    return this.#tracked.filter(({ isConfirmed }) => isConfirmed);
  }

  #settle(
    seen: readonly Track<D>[],
    refound: readonly Track<D>[],
    lost: readonly Track<D>[],
    removed: readonly Track<D>[],
  ): void {
    const stillTracked = this.#tracked.filter(({ state }) => state === 'tracked');
    const tracked = joined(joined(stillTracked, seen), refound);
    const inUse = new Set(tracked);
    // Tracks removed in this frame stay in the lost list until the next frame, as in the authors' program. They may be
    // found again.
    const nowLost = joined(
      this.#lost.filter((track) => !inUse.has(track)),
      lost,
    ).filter((track) => !this.#removed.has(track));
    // Removed tracks are only remembered if they could come back.
    const alive = new Set([...tracked, ...nowLost]);
    this.#removed = new Set([...this.#removed, ...removed].filter((track) => alive.has(track)));
    const isDuplicate = this.#duplicates(tracked, nowLost);
    this.#tracked = tracked.filter((track) => !isDuplicate.has(track));
    this.#lost = nowLost.filter((track) => !isDuplicate.has(track));
  }

  /** Of each tracked and lost pair at the same position, returns the track that was followed for less time. */
  #duplicates(tracked: readonly Track<D>[], lost: readonly Track<D>[]): ReadonlySet<Track<D>> {
    const duplicates = new Set<Track<D>>();
    const age = ({ frame, startFrame }: Track<D>) => frame - startFrame;
    for (const one of tracked) {
      for (const other of lost) {
        if (!(1 - pixelIou(one.corners, other.corners) < DUPLICATE)) continue;
        duplicates.add(age(one) > age(other) ? other : one);
      }
    }
    return duplicates;
  }
}
