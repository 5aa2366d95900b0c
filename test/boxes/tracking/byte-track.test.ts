import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type XyxyPx, xyxyToXywh } from '../../../src/boxes/formats.ts';
import { ByteTracker } from '../../../src/boxes/tracking/byte-track.ts';
import { ObjectTracker } from '../../../src/boxes/tracking/object-tracker.ts';

interface Golden {
  readonly frameRate: number;
  /** Left, top, right, bottom, score. */
  readonly detections: readonly (readonly (readonly number[])[])[];
  /** Id, left, top, width, height. */
  readonly tracks: readonly (readonly (readonly number[])[])[];
}

const goldens: readonly Golden[] = JSON.parse(
  readFileSync(new URL('fixtures/byte-track.json', import.meta.url), 'utf8'),
);

const detectionOf = ([left, top, right, bottom, score]: readonly number[]) => ({
  box: xyxyToXywh([left!, top!, right!, bottom!] as XyxyPx),
  score: score!,
  classId: 0,
});

describe('ByteTrack', () => {
  test.each(goldens.map((golden, index) => ({ ...golden, index })))(
    'sequence $index at $frameRate frames/s: ids and places equal those of the authors’ program',
    ({ frameRate, detections, tracks }) => {
      const tracker = new ByteTracker({ frameRate });
      for (const [frame, rows] of detections.entries()) {
        const found = tracker.update(rows.map(detectionOf));
        expect(found.map(({ id }) => id)).toEqual(tracks[frame]!.map(([id]) => id));
        for (const [index, [, ...box]] of tracks[frame]!.entries())
          for (const [side, value] of box.entries()) expect(found[index]!.box[side]).toBeCloseTo(value, 2);
      }
    },
  );

  test('for one class, the multi-class tracker gives the same result', () => {
    const { frameRate, detections } = goldens[0]!;
    const [one, several] = [new ByteTracker({ frameRate }), new ObjectTracker({ frameRate })];
    for (const rows of detections) {
      const found = rows.map(detectionOf);
      expect(several.update(found).map(({ id }) => id)).toEqual(one.update(found).map(({ id }) => id));
    }
  });

  test('objects of two classes in one place are two, and share one sequence of ids', () => {
    const tracker = new ObjectTracker();
    const both = [0, 1].map((classId) => ({ box: [10, 10, 50, 50] as const, score: 0.9, classId }));
    tracker.update(both);
    expect(tracker.update(both).map(({ id, detection }) => [id, detection.classId])).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  test('confirms a later object in its second frame', () => {
    const tracker = new ObjectTracker();
    const found = (classId: number) => ({ box: [10, 10, 50, 50] as const, score: 0.9, classId });
    tracker.update([found(0)]);
    expect(tracker.update([found(0), found(1)]).map(({ id }) => id)).toEqual([1]);
    expect(tracker.update([found(0), found(1)]).map(({ id }) => id)).toEqual([1, 2]);
  });

  test('refuses a box without a size and an option out of range', () => {
    const flat = { box: [0, 0, 0, 5] as const, score: 0.9 };
    expect(() => new ByteTracker().update([flat])).toThrow(
      /box \[0,0,0,5\]: expected a width and a height above 0/,
    );
    expect(() => new ByteTracker({ trackThreshold: 2 })).toThrow(
      /trackThreshold 2: expected a number from 0 to 1/,
    );
    expect(() => new ObjectTracker({ frameRate: 0 })).toThrow(/frameRate 0: expected/);
  });

  test('frees the memory of lost objects: a thousand objects leave no trace', () => {
    const tracker = new ByteTracker();
    for (let frame = 0; frame < 1000; frame++) tracker.update([{ box: [40 * frame, 0, 20, 20], score: 0.9 }]);
    for (let frame = 0; frame < 40; frame++) tracker.update([]);
    const again = { box: [0, 0, 20, 20] as const, score: 0.9 };
    tracker.update([again]);
    expect(tracker.update([again]).map(({ id }) => id)).toEqual([1001]);
  });
});
