/** A file of another program that cannot be read as a data set. */
export interface ForeignFile {
  /** Description, with an article. */
  readonly what: string;
  /** How to get a readable data set. */
  readonly remedy: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const has = (value: unknown, ...keys: readonly string[]) =>
  isObject(value) && keys.every((key) => Object.hasOwn(value, key));
const firstOf = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

interface Shape extends ForeignFile {
  /** `root` is the whole value, `first` its first element if it is a list. */
  readonly matches: (root: unknown, first: unknown) => boolean;
}

const EXPORT = 'export as COCO or YOLO';
const LABELS = 'pass the label file';

const SHAPES: readonly Shape[] = [
  {
    what: "Label Studio's own JSON",
    remedy: EXPORT,
    matches: (_, first) =>
      (has(first, 'data') && (has(first, 'annotations') || has(first, 'completions'))) ||
      has(first, 'annotation_id', 'annotator'),
  },
  {
    what: 'the output of "micro-yolo detect --json"',
    remedy: LABELS,
    matches: (_, first) => has(first, 'image', 'detections'),
  },
  {
    what: 'a list of detections (COCO results)',
    remedy: `${LABELS}, and pass these to "micro-yolo val --results"`,
    matches: (_, first) => has(first, 'image_id', 'category_id'),
  },
  {
    what: "Apple's CreateML JSON",
    remedy: EXPORT,
    matches: (_, first) =>
      (has(first, 'image') || has(first, 'imagefilename')) &&
      (has(first, 'annotations') || has(first, 'annotation')),
  },
  {
    what: "BDD100K's or Scalabel's JSON",
    remedy: 'convert it to COCO',
    matches: (root, first) =>
      has(first, 'name', 'labels') || (has(root, 'frames') && !has(root, 'annotations')),
  },
  {
    what: "labelme's JSON of one image",
    remedy: 'convert all of them to COCO or YOLO',
    matches: (root) => has(root, 'shapes') && (has(root, 'imagePath') || has(root, 'version')),
  },
  {
    what: 'a project of the VGG Image Annotator (VIA)',
    remedy: 'export the annotations as COCO',
    matches: (root) =>
      has(root, '_via_img_metadata') ||
      has(root, '_via_settings') ||
      (isObject(root) && Object.values(root).some((value) => has(value, 'filename', 'regions'))),
  },
  {
    what: "Supervisely's JSON",
    remedy: 'export as COCO, Pascal VOC or YOLO',
    matches: (root) => has(root, 'objects', 'size') || (has(root, 'classes', 'tags') && isMeta(root)),
  },
  {
    what: "VoTT's JSON",
    remedy: 'export as Pascal VOC',
    matches: (root) => has(root, 'asset', 'regions') || has(root, 'assets', 'tags'),
  },
  {
    what: "Datumaro's JSON",
    remedy: EXPORT,
    matches: (root) => has(root, 'items', 'categories'),
  },
  {
    what: "V7 Darwin's JSON",
    remedy: EXPORT,
    matches: (root) =>
      has(root, 'item', 'annotations') || (has(root, 'image', 'annotations') && isObject(root)),
  },
  { what: 'GeoJSON', remedy: 'convert it to COCO', matches: (root) => has(root, 'features', 'type') },
];

const isMeta = (root: unknown) => has(firstOf((root as JsonObject)['classes']), 'title');

/** Describes the shape of a JSON value, for messages. */
function describe(root: unknown): string {
  const keysOf = (value: unknown) => {
    const keys = isObject(value) ? Object.keys(value) : [];
    const shown = keys.slice(0, 5).map((key) => key.slice(0, 30));
    return `${shown.join(', ')}${keys.length > 5 ? ' …' : ''}`;
  };
  if (Array.isArray(root)) {
    if (root.length === 0) return 'JSON: an empty list';
    return isObject(root[0]) ? `JSON: a list of objects with ${keysOf(root[0])}` : 'JSON: a list';
  }
  if (!isObject(root)) return `JSON: ${root === null ? 'null' : `a ${typeof root}`}`;
  return Object.keys(root).length === 0 ? 'JSON: an empty object' : `JSON: an object with ${keysOf(root)}`;
}

/** Identifies JSON that is not a COCO annotation file; `undefined` if it looks like one. */
export function foreignJson(root: unknown): ForeignFile | undefined {
  if (has(root, 'images')) return undefined;
  const first = firstOf(root);
  const shape = SHAPES.find(({ matches }) => matches(root, first));
  if (shape) return { what: shape.what, remedy: shape.remedy };
  return { what: describe(root), remedy: 'a COCO file is an object with images, categories and annotations' };
}

/** Whether the program that wrote the file is known, rather than only its shape. */
export function isNamed({ what }: ForeignFile): boolean {
  return !what.startsWith('JSON: ');
}
