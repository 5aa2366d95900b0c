import { rm } from 'node:fs/promises';
import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { isFile } from '../../foundation/files/folders.ts';
import { journalLines } from '../../foundation/files/journal-lines.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { keyOf } from './named-images.ts';
import { type FoundInImage, STANDARD_OUTPUT } from './outputs/output.ts';
import { openText, type TextFile } from './outputs/text-file.ts';

const lineSchema = z.object({
  image: z.string(),
  width: z.number(),
  height: z.number(),
  detections: z.array(
    z.object({
      label: z.string(),
      classId: z.number().int(),
      score: z.number(),
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
  ),
});

/** What a journal's lines depend on. If a run continued with other settings, the journal would mix their results. */
const recordSchema = z.strictObject({
  version: z.literal(1),
  /** SHA-256 of the model. */
  model: z.string(),
  settings: z.string(),
  /** The current folder, to which paths in the lines are relative. */
  folder: z.string(),
});

export type RunRecord = z.infer<typeof recordSchema>;

/** The line of an image, as `--jsonl` writes it. */
export function lineOf({ image, width, height, detections }: FoundInImage): string {
  return `${JSON.stringify({ image, width, height, detections })}\n`;
}

function parseLine(path: string, text: string, number: number): FoundInImage {
  try {
    return lineSchema.parse(JSON.parse(text)) as FoundInImage;
  } catch {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: line ${number} has no detections; leave out ${option('resume')} to start over, or name another file`,
    );
  }
}

const recordPath = (path: string) => `${path}.run`;

/** Whether a record can be stored beside a journal: not for standard output, pipes or devices. */
async function hasRecord(path: string): Promise<boolean> {
  return path !== STANDARD_OUTPUT && (await isFile(path));
}

async function readRecord(path: string): Promise<RunRecord | undefined> {
  if (!(await isFile(path))) return undefined;
  try {
    return recordSchema.parse(
      JSON.parse((await readWholeFile(path, 'the record of a run')).toString('utf8')),
    );
  } catch {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: no record of a run; delete it, and leave out ${option('resume')} to start over`,
    );
  }
}

/** What earlier runs left in a journal. */
export interface EarlierLines {
  /** Keys of the finished images. */
  readonly done: ReadonlySet<string>;
  /** Bytes of the complete lines. */
  readonly keep: number;
  /** Reads the line of each finished image again. */
  lines(): AsyncGenerator<FoundInImage>;
}

async function* uniqueLines(
  path: string,
  folder: string | undefined,
  done: Set<string>,
): AsyncGenerator<{ readonly found: FoundInImage; readonly end: number; readonly isRepeated: boolean }> {
  for await (const { text, number, end } of journalLines(path)) {
    const found = parseLine(path, text, number);
    const key = keyOf(found.image, folder ?? '');
    yield { found, end, isRepeated: done.has(key) };
    done.add(key);
  }
}

/**
 * Reads a journal and checks it, without changing anything.
 * @throws MicroYoloError `invalid-argument` if the journal has other settings, `invalid-file` if it is not a journal
 */
export async function readJournal(path: string, record: RunRecord): Promise<EarlierLines> {
  const before = await readRecord(recordPath(path));
  const isOther = before && (before.model !== record.model || before.settings !== record.settings);
  const done = new Set<string>();
  let keep = 0;
  for await (const { end } of uniqueLines(path, before?.folder, done)) {
    if (!before) {
      throw new MicroYoloError(
        'invalid-file',
        `${path}: ${recordPath(path)}, which states its model and options, is missing; leave out ${option('resume')} to start over, or name another file`,
      );
    }
    if (isOther) {
      throw new MicroYoloError(
        'invalid-argument',
        `${path}: was made with another model or other options (${before.settings}); pass the same, or leave out ${option('resume')} to start over`,
      );
    }
    keep = end;
  }
  return {
    done,
    keep,
    async *lines() {
      // A run without resume may have processed an image twice.
      for await (const { found, end, isRepeated } of uniqueLines(path, before?.folder, new Set())) {
        if (!isRepeated) yield found;
        if (end === keep) return;
      }
    },
  };
}

/**
 * The journal of a run, with one line per finished image. A later run continues after these lines. A record of the
 * run's settings is stored beside the journal for as long as the journal exists, because a finished run can also be
 * continued, with more images.
 */
export class DetectionJournal implements AsyncDisposable {
  readonly #path: string;
  readonly #file: TextFile;
  readonly #done: ReadonlySet<string>;

  private constructor(path: string, file: TextFile, done: ReadonlySet<string>) {
    this.#path = path;
    this.#file = file;
    this.#done = done;
  }

  /**
   * Continues after the lines of earlier runs. Removes a truncated last line. Without earlier lines, starts a new
   * journal: an existing file is overwritten.
   */
  static async open(path: string, record: RunRecord, earlier?: EarlierLines): Promise<DetectionJournal> {
    if (earlier && earlier.keep > 0)
      return new DetectionJournal(path, await openText(path, earlier.keep), earlier.done);
    const file = await openText(path);
    if (await hasRecord(path)) await writeWholeFile(recordPath(path), `${JSON.stringify(record)}\n`);
    return new DetectionJournal(path, file, new Set());
  }

  /** Number of images that earlier runs finished. */
  get count(): number {
    return this.#done.size;
  }

  has(image: string): boolean {
    return this.#done.has(keyOf(image, process.cwd()));
  }

  add(found: FoundInImage): Promise<void> {
    return this.#file.append(lineOf(found));
  }

  /** Ends the run, and deletes the journal unless it is also an output. */
  async end(isOutput: boolean): Promise<void> {
    if (isOutput) return;
    for (const path of [this.#path, recordPath(this.#path)]) await rm(path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file[Symbol.asyncDispose]();
  }
}
