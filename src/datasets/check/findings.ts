import { type CheckedProblem, type CheckedProblemKind, PROBLEM_KINDS, type Severity } from './kinds.ts';

/** All problems of one kind. */
export interface Finding {
  /** Kind of the problem, for programs. */
  readonly kind: CheckedProblemKind;
  /** Severity of the problem. */
  readonly severity: Severity;
  /** Kind of the problem, for people. */
  readonly title: string;
  /** Number of occurrences. One place may have several. */
  readonly count: number;
  /** Places, in the order of the data. */
  readonly places: readonly Pick<CheckedProblem, 'place' | 'message'>[];
}

const WORST_FIRST: readonly Severity[] = ['error', 'warning', 'note'];

/** Groups problems by kind, sorted by severity, then by count. */
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
