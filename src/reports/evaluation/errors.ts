import { barList } from '../charts/bar-list.ts';
import { type Html, html } from '../page/html.ts';
import { percent, whole } from '../page/numbers.ts';
import { ERROR_KINDS } from './kinds.ts';
import type { EvaluationSubject } from './subject.ts';

/** Section on the cost of each kind of error. */
export function errorCosts({ analysis: { tide } }: EvaluationSubject): Html {
  const bars = [...tide.errors]
    .sort((a, b) => b.cost - a.cost)
    .map(({ kind, count, cost }) => ({
      name: ERROR_KINDS[kind].title,
      value: cost,
      shown: `${(100 * cost).toFixed(1)} points · ${whole(count)}`,
      about: ERROR_KINDS[kind].about,
      color: `var(--${kind})`,
    }));
  const { falsePositives, falseNegatives } = tide.special;
  return html`${barList(bars, 'AP50 that each kind of error costs, in points, and how often it occurs')}
<p class="small">AP50 here: ${percent(tide.AP)}, over classes with objects or detections. Without any false detection it would rise by ${(100 * falsePositives).toFixed(1)} points, with every object found, by ${(100 * falseNegatives).toFixed(1)}. Costs do not add up: each is measured with all other errors in place. These counts include detections with low scores, because AP does. The confusion matrix and the images show only those above the best threshold.</p>`;
}
