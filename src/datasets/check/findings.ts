import { type CheckedProblem, type CheckedProblemKind, PROBLEM_KINDS, type Severity } from './kinds.ts';

/** All problems of one kind. */
export interface Finding {
  /** What is wrong, for programs. */
  readonly kind: CheckedProblemKind;
  /** How bad it is. */
  readonly severity: Severity;
  /** What is wrong, for people. */
  readonly title: string;
  /** How many have it; a place may speak of several. */
  readonly count: number;
  /** Where, in the order of the data. */
  readonly places: readonly Pick<CheckedProblem, 'place' | 'message'>[];
}

const WORST_FIRST: readonly Severity[] = ['error', 'warning', 'note'];

/** Problems by kind: errors first, then by number. */
export function groupProblems(problems: readonly CheckedProblem[]): readonly Finding[] {
  const places = new Map<CheckedProblemKind, Pick<CheckedProblem, 'place' | 'message'>[]>();
  const counts = new Map<CheckedProblemKind, number>();
  for (const { kind, place, message, count = 1 } of problems) {
    counts.set(kind, (counts.get(kind) ?? 0) + count);
    const known = places.get(kind) ?? [];
    known.push({ place, message });
    places.set(kind, known);
  }
  return [...places]
    .map(
      ([kind, found]): Finding => ({ kind, ...PROBLEM_KINDS[kind], count: counts.get(kind)!, places: found }),
    )
    .sort((a, b) => WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity) || b.count - a.count);
}
