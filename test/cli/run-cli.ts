import { type ChildProcess, fork, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

/** Compiled before the tests run: see build.ts. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const HOST = fileURLToPath(new URL('host.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program and arguments that run the command line in its own process. */
export function cliCommand(args: readonly string[]): [program: string, ...args: string[]] {
  return [process.execPath, MAIN, ...args];
}

/** Runs the command line in its own process, as a user's shell would: for tests of the process itself. */
export function spawnCli(args: readonly string[], cwd: string): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const [program, ...rest] = cliCommand(args);
    const child = spawn(program, rest, { cwd });
    const output = collectOutput(child);
    child.on('error', reject).on('close', (code) => resolve({ code, ...output }));
  });
}

let host: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs the command line in a process that stays for the next run: see host.js. Runs are sequential.
 * @param environment variables besides those of this process
 */
export function runCli(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  const result = last.then(() => runInHost(args, cwd, { ...process.env, ...environment }));
  last = result.catch(() => {});
  return result;
}

function runInHost(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<CliResult> {
  // Without the flags of the process that runs the tests.
  host ??= fork(HOST, { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const child = host;
  const end = `\0${randomUUID()}\0`;
  return new Promise((resolve, reject) => {
    let code: number | undefined;
    const finish = (result: CliResult) => {
      for (const emitter of [child, child.stdout!, child.stderr!]) emitter.removeAllListeners();
      resolve(result);
    };
    const check = () => {
      const { stdout, stderr } = output;
      if (code === undefined || !stdout.endsWith(end) || !stderr.endsWith(end)) return;
      finish({ code, stdout: stdout.slice(0, -end.length), stderr: stderr.slice(0, -end.length) });
    };
    const output = collectOutput(child, check);
    child.on('error', reject);
    child.on('message', (message: number) => {
      code = message;
      check();
    });
    // As happens if the command line ends its process or crashes.
    child.on('close', (exitCode) => {
      host = undefined;
      finish({ code: exitCode, ...output });
    });
    child.send({ args, cwd, environment, end });
  });
}

/** Collects what a process writes. */
function collectOutput({ stdout, stderr }: ChildProcess, onText = () => {}) {
  const output = { stdout: '', stderr: '' };
  stdout!.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
    onText();
  });
  stderr!.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
    onText();
  });
  return output;
}
