import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';
import { z } from 'zod';
import { MicroYoloError, systemErrorCode } from '../foundation/errors/errors.ts';
import { notWritable } from '../foundation/files/write.ts';

/** Identifies the work that a journal belongs to. Other work must not continue it. */
const headSchema = z.strictObject({
  version: z.literal(1),
  /** `optimize`, `prune` or `search`. */
  command: z.string(),
  /** Everything that affects the result, by name: digests of files, settings. */
  of: z.record(z.string(), z.string()),
});

export type JournalHead = z.infer<typeof headSchema>;

interface Found<Line> {
  readonly head: JournalHead | undefined;
  readonly lines: Line[];
  /** Bytes of complete lines. The rest is an incomplete line. */
  readonly whole: number;
  readonly isTorn: boolean;
}

const REMEDY = 'choose another output folder, or delete the file to start over';

async function readJournal<Line>(path: string, schema: z.ZodType<Line>): Promise<Found<Line>> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return { head: undefined, lines: [], whole: 0, isTorn: false };
    throw new MicroYoloError('invalid-file', `${path}: cannot be read (${systemErrorCode(error) ?? error})`);
  }
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const texts = bytes.subarray(0, whole).toString('utf8').split('\n').slice(0, -1);
  const parse = <T>(kind: z.ZodType<T>, text: string, line: number): T => {
    try {
      return kind.parse(JSON.parse(text));
    } catch {
      throw new MicroYoloError('invalid-file', `${path}: line ${line} is not a journal line; ${REMEDY}`);
    }
  };
  const [first, ...rest] = texts;
  const isTorn = whole < bytes.length;
  if (first === undefined) return { head: undefined, lines: [], whole: 0, isTorn };
  const head = parse(headSchema, first, 1);
  return { head, lines: rest.map((text, index) => parse(schema, text, index + 2)), whole, isTorn };
}

/** Describes the first difference between two heads. */
function difference(found: JournalHead, expected: JournalHead): string | undefined {
  if (found.command !== expected.command) return `of ${found.command}`;
  const names = new Set([...Object.keys(found.of), ...Object.keys(expected.of)]);
  for (const name of names) {
    if (found.of[name] !== expected.of[name]) {
      return `of another ${name} (${found.of[name] ?? 'none'}, now ${expected.of[name] ?? 'none'})`;
    }
  }
  return undefined;
}

/** Digest of a head. */
function digestOf({ command, of }: JournalHead): string {
  const entries = Object.entries(of).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([command, entries]))
    .digest('hex')
    .slice(0, 8);
}

/**
 * Progress of a long command, one line per event in a file. The command can continue from it, even if it was killed.
 */
export class Journal<Line> implements AsyncDisposable {
  readonly lines: Line[];
  /** Digest of the head. Files of this work have it in their names, because other work may use the same folder later. */
  readonly work: string;
  /** Whether the last line was incomplete. Its work must be repeated. */
  readonly wasTorn: boolean;
  readonly #file: FileHandle;
  readonly #path: string;

  private constructor(path: string, file: FileHandle, work: string, { lines, isTorn }: Found<Line>) {
    this.#path = path;
    this.work = work;
    this.#file = file;
    this.lines = lines;
    this.wasTorn = isTorn;
  }

  /**
   * Opens a journal, or creates one.
   * @throws MicroYoloError `invalid-argument` if it belongs to other work, `invalid-file` for an invalid line
   */
  static async open<Line>(path: string, head: JournalHead, schema: z.ZodType<Line>): Promise<Journal<Line>> {
    const found = await readJournal(path, schema);
    // A journal without any work can be replaced.
    const isBegun = found.lines.length > 0;
    const other = isBegun && found.head && difference(found.head, head);
    if (other) throw new MicroYoloError('invalid-argument', `${path}: is a journal ${other}; ${REMEDY}`);
    try {
      if (isBegun && found.isTorn) await truncate(path, found.whole);
      const file = await open(path, isBegun ? 'a' : 'w');
      if (!isBegun) await file.write(`${JSON.stringify(head)}\n`);
      return new Journal(path, file, digestOf(head), { ...found, isTorn: isBegun && found.isTorn });
    } catch (error) {
      throw notWritable(path, error);
    }
  }

  /** Adds a line. When this returns, the line is on disk. */
  async add(line: Line): Promise<void> {
    try {
      await this.#file.write(`${JSON.stringify(line)}\n`);
      await this.#file.sync();
    } catch (error) {
      throw notWritable(this.#path, error);
    }
    this.lines.push(line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}
