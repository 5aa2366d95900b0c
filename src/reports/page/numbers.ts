import type { Interval } from '../../evaluation/bootstrap/intervals.ts';
import { type Html, html } from './html.ts';
import type { Cell } from './table.ts';

const NONE = '–';

/** A share of 0–1 as a percentage. A dash if it is undefined or negative. */
export const percent = (share: number | undefined, digits = 1): string =>
  share === undefined || !(share >= 0) ? NONE : `${(100 * share).toFixed(digits)} %`;

/** A difference of shares in percentage points, with its sign. */
export function points(difference: number): string {
  const rounded = (100 * difference).toFixed(1);
  return `${difference > 0 ? '+' : difference < 0 ? '−' : '±'}${rounded.replace('-', '')}`;
}

export const whole = (value: number): string => value.toLocaleString('en-US');

/** An interval of shares in percent, such as `12.3–45.6`. */
export const range = (interval: Interval | undefined): string =>
  interval === undefined ? NONE : `${(100 * interval.low).toFixed(1)}–${(100 * interval.high).toFixed(1)}`;

export const countCell = (value: number): Cell => ({ shown: whole(value), value });

export const percentCell = (share: number | undefined): Cell => ({
  shown: percent(share),
  value: share ?? -1,
});

/** A cell with a share and a small bar. */
export function meterCell(share: number): Cell {
  const width = Math.max(0, Math.min(100, 100 * share)).toFixed(0);
  const meter: Html = html`<span class="meter" aria-hidden="true"><i style="width:${width}%"></i></span>`;
  return { shown: html`${percent(share)} ${share >= 0 && meter}`, value: share };
}
