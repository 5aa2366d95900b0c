/** COCO's official names of classes to which Pascal VOC and Darknet's lists of COCO's classes give another name. */
const OFFICIAL_NAMES: ReadonlyMap<string, string> = new Map([
  ['aeroplane', 'airplane'],
  ['motorbike', 'motorcycle'],
  ['sofa', 'couch'],
  ['pottedplant', 'potted plant'],
  ['diningtable', 'dining table'],
  ['tvmonitor', 'tv'],
]);

/** COCO's official name of a class; a name without a synonym stays as it is. */
export function canonicalClass(name: string): string {
  return OFFICIAL_NAMES.get(name) ?? name;
}

/** Whether two names mean one class: equal names, or synonyms such as `sofa` and `couch`. Case and spaces count. */
export function sameClass(a: string, b: string): boolean {
  return canonicalClass(a) === canonicalClass(b);
}

/** Place of a class among others: of its own name, else of its only synonym; -1 if there is none. */
export function placeOfClass(name: string, classes: readonly string[]): number {
  const own = classes.indexOf(name);
  if (own >= 0) return own;
  const synonym = classes.findIndex((other) => sameClass(name, other));
  const isOnly = classes.findLastIndex((other) => sameClass(name, other)) === synonym;
  return isOnly ? synonym : -1;
}
