/**
 * Script of a report: sorts and filters tables, filters images by kind of error, and highlights a class in charts.
 * Without it, the page still shows everything.
 */
export const SCRIPT = `
'use strict';
for (const button of document.querySelectorAll('th button')) button.addEventListener('click', () => {
  const head = button.closest('th'), table = button.closest('table'), body = table.tBodies[0];
  const isNumber = head.classList.contains('n');
  const direction = head.getAttribute('aria-sort') === (isNumber ? 'descending' : 'ascending') ? 'other' : 'first';
  const sign = (direction === 'first') === isNumber ? -1 : 1;
  const key = (row) => row.cells[head.cellIndex].dataset.value ?? row.cells[head.cellIndex].textContent;
  const rows = [...body.rows].sort((a, b) => sign * (isNumber ? Number(key(a)) - Number(key(b)) : key(a).localeCompare(key(b))));
  for (const other of table.querySelectorAll('th[aria-sort]')) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', sign > 0 ? 'ascending' : 'descending');
  body.append(...rows);
});
const say = (input, shown, all) => {
  const output = document.getElementById(input.id + '-count');
  if (output) output.textContent = shown + ' of ' + all + ' shown';
};
for (const input of document.querySelectorAll('input[data-filter]')) input.addEventListener('input', () => {
  const rows = [...document.getElementById(input.dataset.filter).tBodies[0].rows], text = input.value.trim().toLowerCase();
  for (const row of rows) row.hidden = !row.cells[0].textContent.toLowerCase().includes(text);
  say(input, rows.filter((row) => !row.hidden).length, rows.length);
});
for (const select of document.querySelectorAll('select[data-kinds]')) select.addEventListener('change', () => {
  const items = [...document.getElementById(select.dataset.kinds).children];
  for (const item of items) item.hidden = select.value !== '' && !item.dataset.kinds.split(' ').includes(select.value);
  say(select, items.filter((item) => !item.hidden).length, items.length);
});
for (const select of document.querySelectorAll('select[data-series]')) select.addEventListener('change', () => {
  for (const path of document.querySelectorAll('.chosen')) path.classList.remove('chosen');
  for (const path of document.querySelectorAll('[data-class="' + CSS.escape(select.value) + '"]')) {
    path.classList.add('chosen');
    path.parentNode.append(path);
  }
});
`;
