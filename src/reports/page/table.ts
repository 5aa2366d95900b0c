import { type Html, type HtmlValue, html } from './html.ts';

export interface Column {
  readonly title: string;
  /** Numbers stand at the right, and sort from the highest. @default false */
  readonly isNumber?: boolean | undefined;
}

export interface Cell {
  readonly shown: HtmlValue;
  /** What it sorts by. @default what is shown */
  readonly value?: number | string | undefined;
}

export interface TableOptions {
  readonly id: string;
  /** Read before the table, and shown above it. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly (Cell | string)[])[];
  /** What a text field filters by, such as "classes". @default no filter */
  readonly filter?: string | undefined;
}

function cell(given: Cell | string, column: Column, isName: boolean): Html {
  const { shown, value }: Cell = typeof given === 'string' ? { shown: given } : given;
  const sorted = value === undefined ? '' : html` data-value="${value}"`;
  const kind = column.isNumber ? html` class="n"` : '';
  return isName
    ? html`<th scope="row"${kind}${sorted}>${shown}</th>`
    : html`<td${kind}${sorted}>${shown}</td>`;
}

/** A table that sorts by its headings. */
export function table({ id, caption, columns, rows, filter }: TableOptions): Html {
  const input = `${id}-filter`;
  return html`${
    filter !== undefined &&
    html`<div class="tools"><label for="${input}">Show ${filter} named</label>
<input id="${input}" data-filter="${id}" type="search" autocomplete="off">
<output id="${input}-count" class="small" for="${input}"></output></div>`
  }
<p class="caption" id="${id}-caption">${caption}</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="${id}-caption">
<table id="${id}" aria-labelledby="${id}-caption">
<thead><tr>${columns.map(
    ({ title, isNumber }) =>
      html`<th scope="col"${isNumber ? html` class="n"` : ''}><button type="button">${title}</button></th>`,
  )}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((given, at) => cell(given, columns[at]!, at === 0))}</tr>
`,
  )}</tbody></table>
</div>`;
}
