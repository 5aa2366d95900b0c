import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Compiled anew before the tests run: see build.ts. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program and arguments that run the command line. */
export function cliCommand(args: readonly string[]): [program: string, ...args: string[]] {
  return [process.execPath, MAIN, ...args];
}

/**
 * Runs the command line in a process of its own, as a user's shell would.
 * @param environment variables besides those of this process
 */
export function runCli(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const [program, ...rest] = cliCommand(args);
    const child = spawn(program, rest, { cwd, env: { ...process.env, ...environment } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
