import { type Html, html } from '../page/html.ts';

export interface Series {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** @default the accent color */
  readonly color?: string | undefined;
  /** Whether the line is pale until its class is selected. @default false */
  readonly isMinor?: boolean | undefined;
  /** Key by which the page's script finds the line. */
  readonly key?: string | undefined;
  /** @default false */
  readonly isDashed?: boolean | undefined;
}

export interface LineChart {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly Series[];
  /** Ranges of the axes. @default those of the points */
  readonly x?: readonly [number, number] | undefined;
  readonly y?: readonly [number, number] | undefined;
  /** Whether the y axis is logarithmic. @default false */
  readonly isLogarithmic?: boolean | undefined;
  /** Whether x values are whole numbers, such as epochs. @default false */
  readonly isWholeX?: boolean | undefined;
  /** Description for screen readers. */
  readonly summary: string;
}

const [WIDTH, HEIGHT] = [480, 300];
const ROOM = { left: 64, right: 12, top: 10, bottom: 40 };

/** About six round numbers between two ends. `least` is the smallest step: 1 for whole numbers. */
export function ticks(low: number, high: number, least = 0): readonly number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = Math.max(least, span / 5);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= raw * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first;
  return Array.from({ length: count + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Ends of a logarithmic axis. */
function logarithmicEnds(values: readonly number[]): readonly [number, number] {
  return values.length === 0 ? [1, 10] : extent(values);
}

/** Ticks of a logarithmic axis that cover both ends: 1, 2 and 5 times each power of ten. */
function powers(low: number, high: number): readonly number[] {
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    all.push(...[1, 2, 5].map((factor) => Number((factor * 10 ** power).toPrecision(3))));
  const first = all.findLastIndex((value) => value <= low);
  const last = all.findIndex((value) => value >= high);
  return all.slice(Math.max(0, first), Math.max(first + 2, last + 1));
}

const extent = (values: readonly number[]) =>
  values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)] as const, [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as const);

/** Ends of an axis. For a single value, from zero to twice the value, so that its size is visible. */
function ends(values: readonly number[]): readonly [number, number] {
  const [low, high] = extent(values);
  if (!(low <= high) || (low === 0 && high === 0)) return [0, 1];
  return low < high ? [low, high] : [Math.min(0, 2 * low), Math.max(0, 2 * low)];
}

function shown(value: number): string {
  const size = Math.abs(value);
  return size >= 1e5 || (size > 0 && size < 0.01) ? value.toExponential().replace('e+', 'e') : String(value);
}
const at = (value: number) => value.toFixed(1);

/** A line chart as inline SVG. */
export function lineChart(chart: LineChart): Html {
  const all = chart.series.flatMap(({ points }) => points);
  const isLog = chart.isLogarithmic === true;
  const usable = isLog ? all.filter(({ y }) => y > 0) : all;
  const x = chart.x ?? ends(usable.map((point) => point.x));
  const yTicks = isLog ? powers(...logarithmicEnds(usable.map((point) => point.y))) : undefined;
  const y = isLog ? ([yTicks![0]!, yTicks!.at(-1)!] as const) : (chart.y ?? ends(usable.map((p) => p.y)));
  const scale = (value: number) => (isLog ? Math.log10(value) : value);
  const px = (value: number) =>
    ROOM.left + ((value - x[0]) / (x[1] - x[0])) * (WIDTH - ROOM.left - ROOM.right);
  const py = (value: number) =>
    HEIGHT -
    ROOM.bottom -
    ((scale(value) - scale(y[0])) / (scale(y[1]) - scale(y[0]))) * (HEIGHT - ROOM.top - ROOM.bottom);
  const path = (points: Series['points']) =>
    points
      .filter((point) => !isLog || point.y > 0)
      .map((point, i) => `${i === 0 ? 'M' : 'L'}${at(px(point.x))} ${at(py(point.y))}`)
      .join('');
  const major = chart.series.filter(({ isMinor }) => !isMinor);
  return html`<figure class="chart lines"><figcaption>${chart.title}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${`${chart.title}. ${chart.summary}`}">
${(yTicks ?? ticks(...y)).map(
  (
    value,
  ) => html`<line class="grid" x1="${ROOM.left}" x2="${WIDTH - ROOM.right}" y1="${at(py(value))}" y2="${at(py(value))}"/>
<text x="${ROOM.left - 6}" y="${at(py(value) + 4)}" text-anchor="end">${shown(value)}</text>`,
)}
${ticks(...x, chart.isWholeX ? 1 : 0).map(
  (value) =>
    html`<text x="${at(px(value))}" y="${HEIGHT - ROOM.bottom + 17}" text-anchor="middle">${shown(value)}</text>`,
)}
<line class="axis" x1="${ROOM.left}" x2="${WIDTH - ROOM.right}" y1="${HEIGHT - ROOM.bottom}" y2="${HEIGHT - ROOM.bottom}"/>
<text x="${(ROOM.left + WIDTH - ROOM.right) / 2}" y="${HEIGHT - 5}" text-anchor="middle">${chart.xTitle}</text>
<text x="12" y="${(HEIGHT - ROOM.bottom) / 2}" text-anchor="middle" transform="rotate(-90 12 ${(HEIGHT - ROOM.bottom) / 2})">${chart.yTitle}</text>
<g>${chart.series.map(
    ({ name, points, color, isMinor, key, isDashed }) =>
      html`<path class="series${isMinor ? ' minor' : ''}"${key !== undefined && html` data-class="${key}"`}${
        color !== undefined && !isMinor && html` style="stroke:${color}"`
      }${isDashed && html` stroke-dasharray="5 4"`} d="${path(points)}"><title>${name}</title></path>${
        points.length === 1 &&
        !isMinor &&
        html`<circle cx="${at(px(points[0]!.x))}" cy="${at(py(points[0]!.y))}" r="3.5" style="fill:${color ?? 'var(--accent)'}"/>`
      }`,
  )}</g>
</svg>
${
  major.length > 1 &&
  html`<ul class="legend">${major.map(({ name, color }) => html`<li><i style="background:${color ?? 'var(--accent)'}"></i>${name}</li>`)}</ul>`
}</figure>`;
}
