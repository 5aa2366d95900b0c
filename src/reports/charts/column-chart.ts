import { type Html, html } from '../page/html.ts';
import { whole } from '../page/numbers.ts';

export interface Column {
  readonly name: string;
  readonly value: number;
}

const [WIDTH, HEIGHT] = [480, 220];
const ROOM = { left: 8, right: 8, top: 22, bottom: 34 };

/** A histogram: columns with their counts above and their names below. */
export function columnChart(chart: {
  readonly title: string;
  readonly xTitle: string;
  readonly columns: readonly Column[];
}): Html {
  const { title, xTitle, columns } = chart;
  const most = columns.reduce((high, { value }) => Math.max(high, value), 0) || 1;
  const step = (WIDTH - ROOM.left - ROOM.right) / Math.max(1, columns.length);
  const all = columns.map(({ name, value }) => `${name}: ${whole(value)}`).join(', ');
  return html`<figure class="chart"><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${`${title}. ${all}.`}">
${columns.map(({ name, value }, at) => {
  const height = (value / most) * (HEIGHT - ROOM.top - ROOM.bottom);
  const [left, top] = [ROOM.left + at * step, HEIGHT - ROOM.bottom - height];
  const middle = (left + step / 2).toFixed(1);
  return html`<rect x="${(left + step * 0.12).toFixed(1)}" y="${top.toFixed(1)}" width="${(step * 0.76).toFixed(1)}" height="${height.toFixed(1)}" rx="2" style="fill:var(--accent)"/>
<text x="${middle}" y="${(top - 5).toFixed(1)}" text-anchor="middle">${whole(value)}</text>
<text x="${middle}" y="${HEIGHT - ROOM.bottom + 14}" text-anchor="middle">${name}</text>`;
})}
<text x="${WIDTH / 2}" y="${HEIGHT - 3}" text-anchor="middle">${xTitle}</text>
</svg></figure>`;
}
