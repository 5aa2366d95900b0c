import { type Html, html } from '../page/html.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Text beside the bar. */
  readonly shown: string;
  readonly about?: string | undefined;
  readonly color?: string | undefined;
}

/** Horizontal bars with their values as text, so that screen readers can read everything. */
export function barList(bars: readonly Bar[], label: string): Html {
  const most = bars.reduce((sum, { value }) => Math.max(sum, value), 0) || 1;
  return html`<ul class="bars" aria-label="${label}">${bars.map(
    ({ name, value, shown, about, color }) => html`<li><strong>${name}</strong>
<span class="track" aria-hidden="true"><i style="width:${((100 * value) / most).toFixed(1)}%;background:${color ?? 'var(--accent)'}"></i></span>
<span class="figure">${shown}</span>${about !== undefined && html`<span class="why">${about}</span>`}</li>
`,
  )}</ul>`;
}
