import { type Html, type HtmlValue, html } from './html.ts';

export interface Column {
  readonly title: string;
  /** Numbers are right-aligned and sort from the highest. @default false */
  readonly isNumber?: boolean | undefined;
}

export interface Cell {
  readonly shown: HtmlValue;
  /** Value to sort by. @default the shown text */
  readonly value?: number | string | undefined;
}

export interface TableOptions {
  readonly id: string;
  /** Text above the table, which also labels it for screen readers. */
  readonly caption: string;
  readonly columns: readonly Column[];
  /** Rows of cells. The first cell is the row's header. */
  readonly rows: readonly (readonly (Cell | string)[])[];
  /** Plural name of the rows, such as "classes", for a text field that filters them. @default no filter */
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

/** A table that can be sorted by its column headers. */
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
