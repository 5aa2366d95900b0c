import { expect, test } from 'vitest';
import { PAGES, readPage, renderTables } from '../../scripts/measured-tables.ts';

test.for(PAGES)('the tables of %s match results/', (page) => {
  expect(readPage(page)).toBe(renderTables(readPage(page)));
});
