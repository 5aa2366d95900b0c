import { expect, test } from 'vitest';
import { groupProblems } from '../../../src/datasets/check/findings.ts';
import type { CheckedProblemKind } from '../../../src/datasets/check/kinds.ts';

const problem = (kind: CheckedProblemKind, place: string) => ({ kind, place, message: 'so' });

test('groups problems by kind: errors before warnings before notes, then by frequency', () => {
  const findings = groupProblems([
    problem('background-image', '1'),
    problem('duplicate-box', '2'),
    problem('bad-box', '3'),
    problem('unknown-category', '4'),
    problem('unknown-category', '5'),
  ]);
  expect(findings.map(({ kind, severity, places }) => [kind, severity, places.length])).toEqual([
    ['unknown-category', 'error', 2],
    ['bad-box', 'error', 1],
    ['duplicate-box', 'warning', 1],
    ['background-image', 'note', 1],
  ]);
});

test('locations keep their order', () => {
  const [finding] = groupProblems([problem('bad-box', 'first'), problem('bad-box', 'second')]);
  expect(finding?.places.map(({ place }) => place)).toEqual(['first', 'second']);
});
