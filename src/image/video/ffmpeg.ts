import { type ChildProcess, spawn } from 'node:child_process';
import { MicroYoloError, systemErrorCode } from '../../foundation/errors/errors.ts';

/** Number of characters kept from the end of a program's stderr, which states the problem. */
const KEPT_CHARACTERS = 2000;

/** The programs that run now. They have no terminal, so nothing else ends them if this process ends. */
const running = new Set<ChildProcess>();

function killRunning(): void {
  for (const program of running) program.kill('SIGKILL');
}

function endWithProcess(program: ChildProcess): void {
  if (running.size === 0) process.on('exit', killRunning);
  running.add(program);
  program.on('close', () => {
    running.delete(program);
    if (running.size === 0) process.off('exit', killRunning);
  });
}

/**
 * A running ffmpeg or ffprobe. It is started without a shell, and it does not receive the terminal's Ctrl+C: this process
 * decides when it ends. Disposal kills it.
 */
export class Program implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly #name: string;
  readonly #closed: Promise<number | null>;
  #isEnded = false;
  #errors = '';
  #failure: Error | undefined;

  /** @param input whether its stdin is written to */
  constructor(name: 'ffmpeg' | 'ffprobe', args: readonly string[], input: 'pipe' | 'ignore' = 'ignore') {
    this.#name = name;
    this.process = spawn(name, args, {
      ...{ stdio: [input, 'pipe', 'pipe'], shell: false, windowsHide: true },
      detached: true,
    });
    endWithProcess(this.process);
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-KEPT_CHARACTERS);
    });
    // Writing fails if the program exits before it has read everything. Its exit code tells why.
    this.process.stdin?.on('error', () => {});
    this.#closed = new Promise((resolve) => {
      this.process.on('error', (error) => {
        this.#failure = error;
        resolve(null);
      });
      this.process.on('close', resolve);
    });
  }

  /**
   * Waits for the program to exit.
   * @param subject the file or address that it processes, for messages
   * @returns the problem that it reported although it succeeded, such as a truncated file. Undefined if there is none
   * @throws MicroYoloError `unsupported` if it is not installed, `invalid-file` if it failed
   */
  async end(
    subject: string,
    code: 'invalid-file' | 'not-writable' = 'invalid-file',
  ): Promise<string | undefined> {
    const exit = await this.#closed;
    if (systemErrorCode(this.#failure) === 'ENOENT') {
      throw new MicroYoloError(
        'unsupported',
        `${subject}: needs ${this.#name}, which is not installed; install it (apt-get install ffmpeg, brew install ffmpeg)`,
      );
    }
    if (this.#failure) {
      throw new MicroYoloError(
        'unsupported',
        `${subject}: ${this.#name} does not start (${this.#failure.message})`,
      );
    }
    if (this.#isEnded) return undefined;
    const lines = this.#errors.split(/[\r\n]/).filter((line) => line.trim() !== '');
    const last = lines.at(-1)?.trim();
    if (exit === 0) return last;
    if (/unrecognized option/i.test(this.#errors)) {
      throw new MicroYoloError(
        'unsupported',
        `${subject}: this ${this.#name} is too old (${last}), expected ffmpeg 5.1 or later; install a newer one`,
      );
    }
    const reason = last ?? `exit code ${exit}`;
    throw new MicroYoloError(code, `${subject}: ${this.#name} failed (${reason}); check the file or address`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    this.process.stdout?.destroy();
    this.process.kill('SIGKILL');
    await this.#closed;
  }
}

/** Common options of all ffmpeg runs: no questions, and only errors as output. */
export const QUIET = ['-hide_banner', '-nostdin', '-loglevel', 'error'] as const;
