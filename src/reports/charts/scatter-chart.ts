import { type Html, html } from '../page/html.ts';
import { ticks } from './line-chart.ts';

export interface ScatterPoint {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Whether the point is on the Pareto front. */
  readonly isBest: boolean;
}

const [WIDTH, HEIGHT] = [480, 320];
const ROOM = { left: 52, right: 16, top: 14, bottom: 42 };

/** The Pareto front: points that no other point beats. Smaller x and larger y are better. */
export function paretoFront<T extends { readonly x: number; readonly y: number }>(
  points: readonly T[],
): ReadonlySet<T> {
  const isBeaten = (point: T) =>
    points.some(
      (other) => other.x <= point.x && other.y >= point.y && (other.x < point.x || other.y > point.y),
    );
  return new Set(points.filter((point) => !isBeaten(point)));
}

/** A scatter chart of named points as inline SVG. A line joins the Pareto front. */
export function scatterChart(chart: {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly points: readonly ScatterPoint[];
}): Html {
  const { title, xTitle, yTitle, points } = chart;
  const top = Math.max(...points.map(({ x }) => x), 1e-9) * 1.08;
  const ys = points.map(({ y }) => y);
  const span = Math.max(Math.max(...ys) - Math.min(...ys), 1e-3);
  const [low, high] = [Math.max(0, Math.min(...ys) - 0.15 * span), Math.max(...ys) + 0.15 * span];
  const px = (x: number) => ROOM.left + (x / top) * (WIDTH - ROOM.left - ROOM.right);
  const py = (y: number) =>
    HEIGHT - ROOM.bottom - ((y - low) / (high - low)) * (HEIGHT - ROOM.top - ROOM.bottom);
  const front = points.filter(({ isBest }) => isBest).toSorted((a, b) => a.x - b.x);
  const line = front
    .map(({ x, y }, i) => `${i === 0 ? 'M' : 'L'}${px(x).toFixed(1)} ${py(y).toFixed(1)}`)
    .join('');
  const best = front.map(({ name }) => name).join(', ');
  return html`<figure class="chart"><figcaption>${title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${`${title}. Pareto front: ${best}.`}">
${ticks(low, high).map(
  (
    y,
  ) => html`<line class="grid" x1="${ROOM.left}" x2="${WIDTH - ROOM.right}" y1="${py(y).toFixed(1)}" y2="${py(y).toFixed(1)}"/>
<text x="${ROOM.left - 6}" y="${(py(y) + 4).toFixed(1)}" text-anchor="end">${y}</text>`,
)}
${ticks(0, top).map((x) => html`<text x="${px(x).toFixed(1)}" y="${HEIGHT - ROOM.bottom + 17}" text-anchor="middle">${x}</text>`)}
<line class="axis" x1="${ROOM.left}" x2="${WIDTH - ROOM.right}" y1="${HEIGHT - ROOM.bottom}" y2="${HEIGHT - ROOM.bottom}"/>
<text x="${(ROOM.left + WIDTH - ROOM.right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${xTitle}</text>
<text x="12" y="${(HEIGHT - ROOM.bottom) / 2}" text-anchor="middle" transform="rotate(-90 12 ${(HEIGHT - ROOM.bottom) / 2})">${yTitle}</text>
<path class="series" stroke-dasharray="4 4" d="${line}"/>
${points.map(({ name, x, y, isBest }) => {
  const isRight = px(x) > WIDTH - 130;
  return html`<circle cx="${px(x).toFixed(1)}" cy="${py(y).toFixed(1)}" r="6" style="fill:${isBest ? 'var(--accent)' : '#98a3ad'}"><title>${name}: ${x}, ${y}</title></circle>
<text x="${(px(x) + (isRight ? -10 : 10)).toFixed(1)}" y="${(py(y) - 8).toFixed(1)}" text-anchor="${isRight ? 'end' : 'start'}" style="fill:var(--ink)">${name}</text>`;
})}
</svg></figure>`;
}
