import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type XyxyPx, xyxyToXywh } from '../../src/boxes/formats.ts';
import { fuseBoxes, type VotedBox } from '../../src/boxes/fuse-boxes.ts';

interface Golden {
  readonly corners: XyxyPx;
  readonly score: number;
  readonly classId: number;
}

const cases = JSON.parse(
  readFileSync(new URL('fixtures/fuse-boxes.json', import.meta.url), 'utf8'),
) as readonly { readonly votes: readonly (readonly Golden[])[]; readonly fused: readonly Golden[] }[];

const voted = ({ corners, score, classId }: Golden): VotedBox => ({
  box: xyxyToXywh(corners),
  score,
  classId,
});

describe('fuseBoxes', () => {
  test.each(cases)('fuses as the reference package does ($fused.length boxes)', ({ votes, fused }) => {
    const found = fuseBoxes(votes.map((vote) => vote.map(voted)));
    expect(found).toHaveLength(fused.length);
    for (const [place, expected] of fused.entries()) {
      const { box, score, classId } = found[place]!;
      expect(classId).toBe(expected.classId);
      expect(score).toBeCloseTo(expected.score, 5);
      voted(expected).box.forEach((side, i) => {
        expect(box[i]).toBeCloseTo(side, 3);
      });
    }
  });

  test('halves the score of a box that only one of two detectors sees', () => {
    const seen: VotedBox = { box: [0, 0, 10, 10], score: 0.8, classId: 0 };
    expect(fuseBoxes([[seen], []])).toEqual([{ ...seen, score: 0.4 }]);
  });

  test('keeps boxes of different classes apart', () => {
    const box = [0, 0, 10, 10] as const;
    expect(fuseBoxes([[{ box, score: 0.8, classId: 0 }], [{ box, score: 0.6, classId: 1 }]])).toHaveLength(2);
  });

  test('returns nothing for no boxes', () => {
    expect(fuseBoxes([[], []])).toEqual([]);
  });
});
