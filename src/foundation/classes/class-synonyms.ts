/** COCO's official class names, by the names that Pascal VOC and Darknet use for the same classes. */
const OFFICIAL_NAMES: ReadonlyMap<string, string> = new Map([
  ['aeroplane', 'airplane'],
  ['motorbike', 'motorcycle'],
  ['sofa', 'couch'],
  ['pottedplant', 'potted plant'],
  ['diningtable', 'dining table'],
  ['tvmonitor', 'tv'],
]);

/** COCO's official name of a class. Other names are returned unchanged. */
export function canonicalClass(name: string): string {
  return OFFICIAL_NAMES.get(name) ?? name;
}

/** Whether two names mean the same class: equal names, or synonyms such as `sofa` and `couch`. Case-sensitive. */
export function sameClass(a: string, b: string): boolean {
  return canonicalClass(a) === canonicalClass(b);
}

/** Index of a class in a list: of the same name, or else of its only synonym. -1 if there is none. */
export function placeOfClass(name: string, classes: readonly string[]): number {
  const own = classes.indexOf(name);
  if (own >= 0) return own;
  const synonym = classes.findIndex((other) => sameClass(name, other));
  const isOnly = classes.findLastIndex((other) => sameClass(name, other)) === synonym;
  return isOnly ? synonym : -1;
}
