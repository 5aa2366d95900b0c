import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cliCommand } from '../../cli/run-cli.ts';

/** The complete lines of a file; none if it does not exist. */
export async function linesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}

/** Starts the command line in a folder and kills it when its journal has this number of lines. */
export async function killedRun(
  args: readonly string[],
  folder: string,
  journal: string,
  lines: number,
): Promise<void> {
  const [program, ...rest] = cliCommand(args);
  const child = spawn(program, rest, { cwd: folder, stdio: 'ignore' });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  while (child.exitCode === null && (await linesOf(join(folder, journal))).length < lines)
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill('SIGKILL');
  await closed;
}
