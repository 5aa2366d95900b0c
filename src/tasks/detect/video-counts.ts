import { LineCounter, type Point, ZoneCounter } from '../../boxes/tracking/count.ts';
import type { OptionKinds } from '../../foundation/errors/check-options.ts';
import { MicroYoloError, printableValue } from '../../foundation/errors/errors.ts';
import type { FrameCounts, FrameDetection } from './frame-detections.ts';

/** Options for counting in a video. */
export interface LineOptions {
  /** Lines whose crossings are counted: start and end in pixels. @default none */
  readonly lines?: readonly (readonly [start: Point, end: Point])[] | undefined;
  /** Polygons in which objects are counted: corners in pixels. @default none */
  readonly zones?: readonly (readonly Point[])[] | undefined;
}

export const LINE_KINDS: OptionKinds<LineOptions> = { lines: 'any', zones: 'any' };

function checkPoints(name: string, points: unknown, least: number, most: number, expected: string): void {
  const isPoint = (point: unknown) =>
    Array.isArray(point) && point.length === 2 && point.every((value) => Number.isFinite(value));
  const isRight =
    Array.isArray(points) && points.length >= least && points.length <= most && points.every(isPoint);
  if (isRight) return;
  throw new MicroYoloError('invalid-argument', `${name} ${printableValue(points)}: expected ${expected}`);
}

function checkList(name: string, list: unknown, expected: string): void {
  if (Array.isArray(list)) return;
  throw new MicroYoloError(
    'invalid-argument',
    `${name} ${printableValue(list)}: expected a list, each ${expected}`,
    { field: name, received: list },
  );
}

const LINE = '[[x, y], [x, y]] in pixels';
const ZONE = '[[x, y], …], three corners or more, in pixels';

/** Counts objects that cross lines, and objects in zones. */
export class FrameCounters {
  readonly #lines: readonly LineCounter[];
  readonly #zones: readonly ZoneCounter[];

  /** @throws MicroYoloError `invalid-argument` for a line without two ends, or a zone without three corners */
  constructor({ lines = [], zones = [] }: LineOptions) {
    checkList('lines', lines, LINE);
    checkList('zones', zones, ZONE);
    for (const line of lines) checkPoints('lines', line, 2, 2, LINE);
    for (const zone of zones) checkPoints('zones', zone, 3, 1000, ZONE);
    this.#lines = lines.map((line) => new LineCounter(line));
    this.#zones = zones.map((corners) => new ZoneCounter(corners));
  }

  get isCounting(): boolean {
    return this.#lines.length + this.#zones.length > 0;
  }

  update(detections: readonly FrameDetection[]): FrameCounts {
    const seen = this.isCounting
      ? detections.flatMap(({ id, box }) => (id === undefined ? [] : [{ id, box }]))
      : [];
    for (const counter of [...this.#lines, ...this.#zones]) counter.update(seen);
    return {
      lines: this.#lines.map(({ counts }) => ({ ...counts })),
      zones: this.#zones.map(({ inside, entered, left }) => ({ inside, entered, left })),
    };
  }
}
