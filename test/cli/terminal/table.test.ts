import { expect, test } from 'vitest';
import { formatTable } from '../../../src/cli/terminal/table.ts';

test('columns are as wide as their widest cell, and lines have no trailing spaces', () => {
  const columns = [{ title: 'class' }, { title: 'boxes', align: 'right' }] as const;
  expect(
    formatTable(columns, [
      ['dog', '12'],
      ['traffic light', '3'],
    ]),
  ).toBe(['class          boxes', 'dog               12', 'traffic light      3'].join('\n'));
});

test('full-width letters count as two columns', () => {
  expect(
    formatTable(
      [{ title: 'class' }, { title: 'id' }],
      [
        ['自転車', '1'],
        ['Fußgänger', '2'],
      ],
    ),
  ).toBe(['class      id', '自転車     1', 'Fußgänger  2'].join('\n'));
});

test('keeps a cell on one line', () => {
  expect(formatTable([{ title: 'name' }], [['a\nb']]).split('\n')).toHaveLength(2);
});
