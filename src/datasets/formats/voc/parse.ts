import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Extra } from '../../dataset.ts';
import { boxAround } from './outline.ts';

/** Generous: the annotations of one image are a few kilobytes. */
const MAX_CHARACTERS = 20_000_000;

export interface VocObject {
  readonly name: unknown;
  readonly box: unknown;
  readonly extra: Extra;
}

export interface VocFile {
  readonly fileName: unknown;
  readonly width: number;
  readonly height: number;
  readonly objects: readonly VocObject[];
  readonly extra: Extra;
}

/** Reads the text of tags, and decodes numeric character references. It rejects names such as `__proto__`. */
const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  htmlEntities: true,
  isArray: (name) => name === 'object',
});

type XmlObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is XmlObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Converts whole numbers: programs expect flags such as `difficult` as numbers. */
function withNumbers(value: unknown): unknown {
  if (typeof value === 'string') return /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  if (Array.isArray(value)) return value.map(withNumbers);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, withNumbers(v)]));
  return value;
}

function parseObject(value: unknown): VocObject {
  if (!isObject(value)) return { name: undefined, box: undefined, extra: {} };
  const { name, bndbox, ...rest } = value;
  return { name, box: bndbox ?? boxAround(rest), extra: withNumbers(rest) as Extra };
}

/**
 * Parses a Pascal VOC annotation file. The reader checks the values.
 * @returns the problem, as text, if the file is not a VOC file
 */
export function parseVocXml(text: string): VocFile | string {
  if (text.length > MAX_CHARACTERS) {
    return `${text.length} characters, expected at most ${MAX_CHARACTERS} about one image`;
  }
  // Nested entities can expand until memory is full; annotation files do not need them.
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return 'has a DOCTYPE or ENTITY, which is not allowed; remove it';
  const valid = XMLValidator.validate(text);
  if (valid !== true) return `not XML (line ${valid.err.line}: ${valid.err.msg})`;
  let root: unknown;
  try {
    root = (parser.parse(text) as XmlObject)['annotation'];
  } catch (error) {
    return `not XML (${(error as Error).message})`;
  }
  if (!isObject(root)) return 'has no <annotation>, expected a Pascal VOC file';
  const { filename, size, object = [], ...rest } = root;
  const { width, height, ...sizeRest } = isObject(size) ? size : {};
  return {
    fileName: filename,
    width: Number(width),
    height: Number(height),
    objects: (object as readonly unknown[]).map(parseObject),
    extra: withNumbers({ ...rest, ...sizeRest }) as Extra,
  };
}
