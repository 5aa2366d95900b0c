import stringWidth from 'string-width';
import { printable } from '../../foundation/errors/errors.ts';

export interface Column {
  readonly title: string;
  /** @default 'left' */
  readonly align?: 'left' | 'right';
}

/** A plain-text table with a header line, without rules or color. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(printable))];
  // East Asian characters are two columns wide, and combining accents zero.
  const widths = columns.map((_, column) =>
    Math.max(...lines.map((line) => stringWidth(line[column] ?? ''))),
  );
  return lines
    .map((line) =>
      columns
        .map(({ align = 'left' }, column) => {
          const cell = line[column] ?? '';
          const space = ' '.repeat(widths[column]! - stringWidth(cell));
          return align === 'left' ? cell + space : space + cell;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
