import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../../../foundation/files/folders.ts';
import { notWritable } from '../../../foundation/files/write.ts';
import { STANDARD_OUTPUT } from './output.ts';

/** Text output that is appended to: a file or standard output. It may be closed more than once. */
export interface TextFile extends AsyncDisposable {
  /** Appends text in one piece. */
  append(text: string): Promise<void>;
}

const standardOutput: TextFile = {
  append: (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) =>
        error ? reject(notWritable('standard output', error)) : resolve(),
      );
    }),
  [Symbol.asyncDispose]: async () => {},
};

/**
 * Opens a file for writing. Creates its folder if necessary.
 * @param keep number of bytes at the start of the file to keep. @default 0
 * @throws MicroYoloError `not-writable`
 */
export async function openText(path: string, keep = 0): Promise<TextFile> {
  if (path === STANDARD_OUTPUT) return standardOutput;
  await makeFolder(dirname(path));
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'a');
    if ((await file.stat()).isFile()) await file.truncate(keep);
  } catch (error) {
    await file?.close();
    throw notWritable(path, error);
  }
  return textFile(path, file);
}

function textFile(path: string, file: FileHandle): TextFile {
  let closed: Promise<void> | undefined;
  return {
    async append(text) {
      const bytes = Buffer.from(text);
      for (let from = 0; from < bytes.length; ) {
        const { bytesWritten } = await file
          .write(bytes, from, bytes.length - from)
          .catch((error: unknown) => {
            throw notWritable(path, error);
          });
        from += bytesWritten;
      }
    },
    [Symbol.asyncDispose]() {
      closed ??= file.close();
      return closed;
    },
  };
}
