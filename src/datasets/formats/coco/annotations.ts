import type { AnnotationTable } from '../../dataset.ts';
import type { OnProblem } from '../../problems.ts';
import { numberAnnotations } from './annotation-ids.ts';
import { annotationExtra, type Places, parseAnnotation } from './annotation-record.ts';
import type { ElementRanges } from './element-ranges.ts';
import type { FileNotes } from './file-notes.ts';
import { parseLenientJson } from './lenient-json.ts';
import { parseElements } from './parse-elements.ts';
import { BadRecord } from './records.ts';

/** Fills the columns of a table from the elements of a COCO file's annotations. */
export function readAnnotations(
  bytes: Buffer,
  ranges: ElementRanges,
  places: Places,
  file: string,
  report: OnProblem,
  notes: FileNotes,
): AnnotationTable {
  const place = (index: number) => `${file}: annotations[${index}]`;
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
        : parseAnnotation(element.value, places, (kind) => notes.add(kind, `annotations[${index}]`));
    if (found === undefined) continue;
    if (found instanceof BadRecord) {
      report({ kind: found.kind, place: place(index), message: found.message });
      continue;
    }
    if ('isJson' in element && !element.isJson) notes.add('not-a-number', `annotations[${index}]`);
    if (found.badArea !== undefined) {
      report({ kind: 'bad-area', place: place(index), message: found.badArea });
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
  return {
    count,
    ids: numberAnnotations(columns.ids.subarray(0, count), file, report),
    images: columns.images.subarray(0, count),
    categories: columns.categories.subarray(0, count),
    boxes: columns.boxes.subarray(0, count * 4),
    areas: columns.areas.subarray(0, count),
    crowd: columns.crowd.subarray(0, count),
    extraOf: (row) => {
      const element = elements[row];
      if (element === undefined || row >= count) return {};
      return annotationExtra(
        parseLenientJson(bytes.toString('utf8', ranges.start(element), ranges.end(element))).value,
      );
    },
    mayHave: (field) => bytes.includes(JSON.stringify(field)),
  };
}
