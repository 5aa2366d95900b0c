import { createReadStream } from 'node:fs';
import { systemErrorCode } from '../errors/errors.ts';

/** A line of a journal. */
export interface JournalText {
  readonly text: string;
  /** Line number, from 1. */
  readonly number: number;
  /** Offset of the line's end in the file, in bytes. */
  readonly end: number;
}

/** The complete lines of a journal, without a truncated last line. No lines if the file does not exist. */
export async function* journalLines(path: string): AsyncGenerator<JournalText> {
  let rest: Buffer = Buffer.alloc(0);
  let [number, end] = [0, 0];
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      rest = Buffer.concat([rest, chunk]);
      let from = 0;
      for (let at = rest.indexOf(0x0a); at >= 0; at = rest.indexOf(0x0a, from)) {
        number++;
        end += at + 1 - from;
        yield { text: rest.toString('utf8', from, at), number, end };
        from = at + 1;
      }
      rest = rest.subarray(from);
    }
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}
