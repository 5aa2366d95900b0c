import { type FileHandle, open, truncate } from 'node:fs/promises';
import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { journalLines } from '../../foundation/files/journal-lines.ts';
import { notWritable } from '../../foundation/files/write.ts';

const headSchema = z.strictObject({
  version: z.literal(1),
  /** What the labels depend on: models, input sizes and the smallest score. */
  settings: z.string(),
  classes: z.array(z.string()),
  /** SHA-256 of each model. */
  digests: z.array(z.string()),
});

const lineSchema = z.strictObject({
  image: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Class, score, left, top, width, height. */
  boxes: z.array(z.tuple([z.number().int(), z.number(), z.number(), z.number(), z.number(), z.number()])),
});

export type JournalHead = z.infer<typeof headSchema>;

/** Detections in an image. */
export type JournalLine = z.infer<typeof lineSchema>;

interface Journal {
  readonly head: JournalHead | undefined;
  readonly lines: readonly JournalLine[];
  /** Size of the complete lines, in bytes. The rest of the file is truncated. */
  readonly whole: number;
}

/** @throws MicroYoloError `invalid-file` for a line that this library did not write */
async function readJournal(path: string): Promise<Journal> {
  const parse = <T>(schema: z.ZodType<T>, text: string, line: number): T => {
    try {
      return schema.parse(JSON.parse(text));
    } catch {
      throw new MicroYoloError(
        'invalid-file',
        `${path}: line ${line} is not from a labeling run; delete the file, or choose another output folder`,
      );
    }
  };
  let head: JournalHead | undefined;
  const lines: JournalLine[] = [];
  let whole = 0;
  for await (const { text, number, end } of journalLines(path)) {
    if (number === 1) head = parse(headSchema, text, number);
    else lines.push(parse(lineSchema, text, number));
    whole = end;
  }
  return { head, lines, whole };
}

/** A file with the labels of each finished image, so that an interrupted run can continue. */
export class LabelJournal implements AsyncDisposable {
  readonly lines: Map<string, JournalLine>;
  readonly #file: FileHandle;

  private constructor(file: FileHandle, lines: readonly JournalLine[]) {
    this.#file = file;
    this.lines = new Map(lines.map((line) => [line.image, line]));
  }

  /**
   * Opens a journal, or starts a new one.
   * @throws MicroYoloError `invalid-argument` if it belongs to a run with other settings
   */
  static async open(path: string, head: JournalHead): Promise<LabelJournal> {
    const found = await readJournal(path);
    if (found.head !== undefined && JSON.stringify(found.head) !== JSON.stringify(head)) {
      throw new MicroYoloError(
        'invalid-argument',
        `${path}: has labels from other models or settings (${found.head.settings}); delete it, or choose another output folder`,
      );
    }
    try {
      // Removes a truncated last line.
      if (found.head !== undefined) await truncate(path, found.whole);
      const file = await open(path, 'a');
      if (found.head === undefined) await file.write(`${JSON.stringify(head)}\n`);
      return new LabelJournal(file, found.lines);
    } catch (error) {
      throw notWritable(path, error);
    }
  }

  async add(line: JournalLine): Promise<void> {
    this.lines.set(line.image, line);
    await this.#file.write(`${JSON.stringify(line)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
