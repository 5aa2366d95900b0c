import type { AnnotationTable } from '../dataset.ts';
import type { OnProblem } from '../problems.ts';
import { selectRows } from '../select.ts';
import type { ElementRanges } from './element-ranges.ts';
import { parseElements } from './parse-elements.ts';
import { annotationExtra, BadRecord, type Places, parseAnnotation } from './records.ts';

/** Values that occur more than once. Sorting a copy needs a tenth of a set's memory. */
function repeatedValues(values: Float64Array): ReadonlySet<number> {
  const sorted = values.slice().sort();
  return new Set(sorted.filter((value, index) => index > 0 && value === sorted[index - 1]));
}

/** Rows without those whose id an earlier row has. */
function withoutRepeats(
  table: AnnotationTable,
  placeOf: (row: number) => string,
  report: OnProblem,
): AnnotationTable {
  const repeated = repeatedValues(table.ids);
  if (repeated.size === 0) return table;
  const seen = new Set<number>();
  const rows: number[] = [];
  for (const [row, id] of table.ids.entries()) {
    if (seen.has(id)) {
      report({ kind: 'duplicate-id', place: placeOf(row), message: `id ${id}, which an earlier one has` });
      continue;
    }
    if (repeated.has(id)) seen.add(id);
    rows.push(row);
  }
  return selectRows(table, rows);
}

/** Fills the columns of a table from the elements of a COCO file's annotations. */
export function readAnnotations(
  bytes: Buffer,
  ranges: ElementRanges,
  places: Places,
  place: (index: number) => string,
  report: OnProblem,
): AnnotationTable {
  const most = ranges.length;
  const columns = {
    ids: new Float64Array(most),
    images: new Int32Array(most),
    categories: new Int32Array(most),
    boxes: new Float64Array(most * 4),
    areas: new Float64Array(most),
    crowd: new Uint8Array(most),
  };
  const elements = new Int32Array(most);
  let count = 0;
  for (const element of parseElements(bytes, ranges)) {
    const { index } = element;
    const found =
      'error' in element
        ? new BadRecord('bad-annotation', element.error)
        : parseAnnotation(element.value, places);
    if (found instanceof BadRecord) {
      report({ kind: found.kind, place: place(index), message: found.message });
      continue;
    }
    if (found.box[2] === 0 || found.box[3] === 0) {
      const message = `bbox ${JSON.stringify(found.box)} has no area; it is kept`;
      report({ kind: 'empty-box', place: place(index), message });
    }
    columns.ids[count] = found.id;
    columns.images[count] = found.image;
    columns.categories[count] = found.category;
    columns.boxes.set(found.box, count * 4);
    columns.areas[count] = found.area;
    columns.crowd[count] = found.crowd ? 1 : 0;
    elements[count++] = index;
  }
  const table: AnnotationTable = {
    count,
    ids: columns.ids.subarray(0, count),
    images: columns.images.subarray(0, count),
    categories: columns.categories.subarray(0, count),
    boxes: columns.boxes.subarray(0, count * 4),
    areas: columns.areas.subarray(0, count),
    crowd: columns.crowd.subarray(0, count),
    extraOf: (row) => {
      const element = elements[row];
      if (element === undefined || row >= count) return {};
      return annotationExtra(JSON.parse(bytes.toString('utf8', ranges.start(element), ranges.end(element))));
    },
    mayHave: (field) => bytes.includes(JSON.stringify(field)),
  };
  return withoutRepeats(table, (row) => place(elements[row]!), report);
}
