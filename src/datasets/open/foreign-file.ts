import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { readText } from '../../foundation/files/text.ts';
import { type ForeignFile, foreignJson } from './foreign-json.ts';

/** Larger files are not opened to identify them. */
const MAX_BYTES = 200_000_000;
const CONVERT = 'convert it to COCO, Pascal VOC or YOLO';
const DESCRIBED = 'pass the data.yaml, the .data file or the folder of the data set';

const BY_ENDING: Readonly<Record<string, ForeignFile>> = {
  '.tfrecord': { what: "TensorFlow's TFRecord", remedy: CONVERT },
  '.tfrecords': { what: "TensorFlow's TFRecord", remedy: CONVERT },
  '.record': { what: "TensorFlow's TFRecord", remedy: CONVERT },
  '.parquet': { what: 'a Parquet file', remedy: CONVERT },
  '.zip': { what: 'an archive', remedy: 'unpack it and pass the folder' },
  '.tar': { what: 'an archive', remedy: 'unpack it and pass the folder' },
  '.gz': { what: 'an archive', remedy: 'unpack it and pass the folder' },
  '.txt': { what: 'a text file', remedy: DESCRIBED },
  '.names': { what: 'a list of class names', remedy: DESCRIBED },
};

async function firstLine(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0);
    return buffer.toString('utf8', 0, bytesRead).split(/\r\n|\n|\r/)[0] ?? '';
  } finally {
    await file.close();
  }
}

async function foreignCsv(path: string): Promise<ForeignFile> {
  const header = (await firstLine(path)).toLowerCase();
  if (/imageid.*labelname/.test(header)) return { what: "Open Images' CSV", remedy: CONVERT };
  const isTensorFlow = /filename.*class.*xmin/.test(header);
  return { what: isTensorFlow ? "a CSV of boxes in TensorFlow's format" : 'a CSV', remedy: CONVERT };
}

async function foreignXml(path: string): Promise<ForeignFile> {
  const text = await readText(path, 'XML');
  if (/<annotations>\s*<version>/.test(text)) {
    return { what: "CVAT's own XML", remedy: 'export as COCO, Pascal VOC or YOLO' };
  }
  return { what: 'one XML file', remedy: 'for Pascal VOC, pass the folder that contains Annotations' };
}

async function nameFile(path: string): Promise<ForeignFile | undefined> {
  const found = await stat(path);
  if (!found.isFile() || found.size > MAX_BYTES) return undefined;
  const ending = extname(path).toLowerCase();
  if (ending === '.csv' || ending === '.tsv') return foreignCsv(path);
  if (ending === '.xml') return foreignXml(path);
  if (ending !== '.json' && ending !== '.jsonl' && ending !== '.ndjson') return BY_ENDING[ending];
  const text = await readText(path, 'JSON');
  try {
    return foreignJson(JSON.parse(text));
  } catch {
    // Some programs write one record per line.
    return ending === '.json' ? undefined : { what: 'JSON with one record per line', remedy: CONVERT };
  }
}

/** Identifies a file that is not a data set; `undefined` if it is not recognized. */
export async function foreignFile(path: string): Promise<ForeignFile | undefined> {
  // The reader of the data set reports errors.
  return nameFile(path).catch(() => undefined);
}

/** Returns the error of a reader, or a more helpful one if the file belongs to another program. */
export async function withForeignName(path: string, error: unknown): Promise<unknown> {
  if (!(error instanceof MicroYoloError) || error.code !== 'invalid-file') return error;
  const foreign = await foreignFile(path);
  if (foreign === undefined) return error;
  const { what, remedy } = foreign;
  return new MicroYoloError('invalid-file', `${path}: is ${what}, expected a data set in COCO; ${remedy}`, {
    path,
  });
}
