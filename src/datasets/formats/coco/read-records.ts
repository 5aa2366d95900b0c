import { type DatasetProblemKind, type OnProblem, shown } from '../../problems.ts';
import type { FileNotes, Note } from './file-notes.ts';
import { type IdKey, idFault, idKey, isNumberText } from './ids.ts';
import type { ParsedElement } from './parse-elements.ts';
import { BadRecord, isObject } from './records.ts';

/** In place of a record's place: it is left out, and its annotations with it. */
export const LEFT_OUT = -1;
/** The same, where one report speaks for the record and its annotations. */
export const LEFT_OUT_WHOLE = -2;

export interface RecordReader<T> {
  parse(value: unknown, id: number, note: Note): T | BadRecord;
  /** Whether two records of one id mean the same, so that annotations of either are of both. */
  isSame(a: T, b: T): boolean;
  nameOf(record: T): string;
  /** Kind of a record that cannot be used. */
  readonly bad: DatasetProblemKind;
  /** Kind of records of one id that do not mean the same. */
  readonly ambiguous: DatasetProblemKind;
}

export interface ReadRecords<T> {
  readonly records: readonly T[];
  /** Place among the records by id, or why there is none. */
  readonly places: ReadonlyMap<IdKey, number>;
}

interface Entry<T> {
  readonly index: number;
  /** None for a record that cannot be used. */
  readonly record: T | undefined;
}

const givenId = (element: ParsedElement): unknown =>
  'value' in element && isObject(element.value) ? element.value['id'] : undefined;

/** A number for each id: its own, or for text one that no other has. */
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
 * Records that annotations refer to. Those of one id are read once if they mean the same, and are else left out:
 * nobody knows whose the annotations are.
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
        ? `id ${shown(key)} of ${otherName} again; it is read once`
        : `id ${shown(key)} of ${shown(reader.nameOf(record))} is also that of ${otherName}: their boxes may belong to either, so both are left out; give each its own id`;
      report({ kind, place: place(index), message });
    }
  }
  return { records, places };
}
