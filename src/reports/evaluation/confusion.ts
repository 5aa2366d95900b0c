import { type Html, html } from '../page/html.ts';
import { countCell, percentCell } from '../page/numbers.ts';
import { table } from '../page/table.ts';
import { categoryNames, type EvaluationSubject } from './subject.ts';

/** Maximum number of classes in the matrix. More would be unreadable. */
const MOST = 24;
const ROWS = 25;

/** Background color for a share, 0–1. Dark enough for white text above 0.5. */
const shade = (share: number) => `color-mix(in srgb,#1f6f9e ${Math.round(100 * share)}%,#f3f6f8)`;

/** A class whose objects are detected as another class. */
export interface ConfusedPair {
  readonly truth: string;
  readonly found: string;
  readonly count: number;
  /** Share of the objects of the class, 0–1. */
  readonly share: number;
}

/** Confused pairs of classes, most frequent first, without background. */
export function confusedPairs(subject: EvaluationSubject): readonly ConfusedPair[] {
  const { counts, categoryIds } = subject.analysis.confusion;
  const side = categoryIds.length + 1;
  const names = categoryNames(subject);
  return names
    .flatMap((truth, row) => {
      const own = counts.subarray(row * side, (row + 1) * side);
      const all = own.reduce((sum, count) => sum + count, 0);
      return names.flatMap((found, column) =>
        row === column || own[column] === 0
          ? []
          : [{ truth, found, count: own[column]!, share: own[column]! / all }],
      );
    })
    .sort((a, b) => b.count - a.count);
}

/** Section on confusion: the classes as which objects are detected. */
export function confusionSection(subject: EvaluationSubject): Html {
  const { counts, categoryIds, scoreThreshold } = subject.analysis.confusion;
  const side = categoryIds.length + 1;
  const background = categoryIds.length;
  const names = [...categoryNames(subject), 'background'];
  const at = (truth: number, found: number) => counts[truth * side + found]!;
  const totals = Array.from({ length: side }, (_, truth) =>
    Array.from({ length: side }, (_, found) => at(truth, found)).reduce((sum, count) => sum + count, 0),
  );
  const shown = [...Array(background).keys()]
    .filter((k) => totals[k]! > 0)
    .sort((a, b) => totals[b]! - totals[a]!)
    .slice(0, MOST);
  const places = [...shown, background];
  const rowOf = (truth: number) => {
    const all = Math.max(1, totals[truth]!);
    return html`<tr><th scope="row">${names[truth]}</th>${places.map((found) => {
      const count = at(truth, found);
      const share =
        truth === background
          ? count / Math.max(1, Math.max(...places.map((f) => at(background, f))))
          : count / all;
      const title = `${names[truth]} found as ${names[found]}: ${count}`;
      return html`<td style="background:${shade(share)};color:${share > 0.5 ? '#fff' : '#1c2530'}" title="${title}">${count > 0 && count}</td>`;
    })}</tr>
`;
  };
  return html`<p class="small">Detections with a score of at least ${scoreThreshold.toFixed(3)}, paired with objects at IoU 0.5. The last row counts detections without an object, the last column objects without a detection.</p>
${table({
  id: 'confusions',
  caption: 'Most frequent confusions',
  columns: [
    { title: 'object' },
    { title: 'found as' },
    { title: 'times', isNumber: true },
    { title: 'of its objects', isNumber: true },
  ],
  rows: confusedPairs(subject)
    .slice(0, ROWS)
    .map(({ truth, found, count, share }) => [truth, found, countCell(count), percentCell(share)]),
  filter: 'objects',
})}
<details open><summary>Matrix${shown.length < background && ` of the ${shown.length} most frequent classes`}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix">
<table class="matrix"><caption>Rows: objects. Columns: what they are found as. Shades: share of the row.</caption><thead><tr><td></td>${places.map(
    (found) => html`<th scope="col"><span>${names[found]}</span></th>`,
  )}</tr></thead><tbody>${places.map(rowOf)}</tbody></table></div></details>`;
}
