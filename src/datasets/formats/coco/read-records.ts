import { type DatasetProblemKind, type OnProblem, shown } from '../../problems.ts';
import type { FileNotes, Note } from './file-notes.ts';
import { type IdKey, idFault, idKey, isNumberText } from './ids.ts';
import type { ParsedElement } from './parse-elements.ts';
import { BadRecord, isObject } from './records.ts';

/** Index of a record that is skipped. Its annotations are reported and skipped. */
export const LEFT_OUT = -1;
/** Index of a record that is skipped with its annotations, under a single report. */
export const LEFT_OUT_WHOLE = -2;

export interface RecordReader<T> {
  parse(value: unknown, id: number, note: Note): T | BadRecord;
  /** Whether two records with the same id are equivalent, so that annotations may refer to either. */
  isSame(a: T, b: T): boolean;
  nameOf(record: T): string;
  /** Problem kind of an unusable record. */
  readonly bad: DatasetProblemKind;
  /** Problem kind of different records with the same id. */
  readonly ambiguous: DatasetProblemKind;
}

export interface ReadRecords<T> {
  readonly records: readonly T[];
  /** Index in `records` by id, or `LEFT_OUT` or `LEFT_OUT_WHOLE`. */
  readonly places: ReadonlyMap<IdKey, number>;
}

interface Entry<T> {
  readonly index: number;
  /** `undefined` if the record is unusable. */
  readonly record: T | undefined;
}

const givenId = (element: ParsedElement): unknown =>
  'value' in element && isObject(element.value) ? element.value['id'] : undefined;

/** Assigns a number to each id: a number keeps its value, text gets an unused number. */
function idNumbers(keys: readonly (IdKey | undefined)[]): ReadonlyMap<IdKey, number> {
  const numbers = new Map<IdKey, number>();
  for (const key of keys) if (typeof key === 'number') numbers.set(key, key);
  let next = 1;
  for (const key of keys) {
    if (typeof key !== 'string' || numbers.has(key)) continue;
    while (numbers.has(next)) next++;
    numbers.set(key, next++);
  }
  return numbers;
}

/**
 * Reads records that annotations refer to. Equivalent records with the same id are read once. Different ones are
 * skipped, because their annotations could belong to either.
 */
export function readRecords<T>(
  elements: Iterable<ParsedElement>,
  reader: RecordReader<T>,
  { file, key: list }: { readonly file: string; readonly key: string },
  report: OnProblem,
  notes: FileNotes,
): ReadRecords<T> {
  const recordName = (index: number) => `${list}[${index}]`;
  const place = (index: number) => `${file}: ${recordName(index)}`;
  const all = [...elements];
  const numbers = idNumbers(all.map((element) => idKey(givenId(element))));
  const groups = new Map<IdKey, Entry<T>[]>();
  for (const element of all) {
    const at = recordName(element.index);
    const id = givenId(element);
    const key = idKey(id);
    const parse = () => {
      if ('error' in element) return new BadRecord(reader.bad, element.error);
      if (key === undefined && isObject(element.value)) return new BadRecord(reader.bad, idFault('id', id));
      if (!element.isJson) notes.add('not-a-number', at);
      if (isNumberText(id)) notes.add('number-as-text', at);
      else if (typeof key === 'string') notes.add('text-id', at);
      return reader.parse(element.value, numbers.get(key ?? '') ?? 0, (kind) => notes.add(kind, at));
    };
    const record = parse();
    if (record instanceof BadRecord)
      report({ kind: record.kind, place: place(element.index), message: record.message });
    if (key === undefined) continue;
    const entry = { index: element.index, record: record instanceof BadRecord ? undefined : record };
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }

  const records: T[] = [];
  const places = new Map<IdKey, number>();
  for (const [key, group] of groups) {
    const [{ record: first }] = group as [Entry<T>];
    const isOne =
      first !== undefined &&
      group.every(({ record }) => record !== undefined && reader.isSame(record, first));
    places.set(key, isOne ? records.length : LEFT_OUT);
    if (isOne) records.push(first);
    for (const { index, record } of isOne ? group.slice(1) : group) {
      const kind = isOne ? 'repeated-record' : reader.ambiguous;
      if (record === undefined || group.length === 1) continue;
      const other = group.find((entry) => entry.index !== index)!;
      const otherName =
        other.record === undefined ? recordName(other.index) : shown(reader.nameOf(other.record));
      const message = isOne
        ? `id ${shown(key)} repeats ${otherName}; it is read once`
        : `id ${shown(key)} of ${shown(reader.nameOf(record))} is also the id of ${otherName}: their boxes may belong to either, so both are left out; give each its own id`;
      report({ kind, place: place(index), message });
    }
  }
  return { records, places };
}
