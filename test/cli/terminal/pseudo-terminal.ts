import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import { cliCommand } from '../run-cli.ts';

const SCRIPT = fileURLToPath(new URL('pseudo-terminal.py', import.meta.url));

/** Python 3 creates the terminal; Windows has no pseudo-terminals. */
export const HAS_TERMINAL = spawnSync('python3', ['-c', 'import pty']).status === 0;

export const CTRL_C = '\u0003';

export interface TerminalRun {
  readonly code: number | null;
  /** The output of the command, with escape sequences. */
  readonly output: string;
  /** The lines that a reader finally sees, from the start of the session, without trailing blank ones. */
  readonly screen: readonly string[];
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly columns: number;
  readonly rows: number;
  /** What to type once the output so far matches, in this order. */
  readonly typed?: readonly { readonly after: RegExp; readonly keys: string }[];
  readonly env?: Readonly<Record<string, string>>;
}

/** The lines of a terminal after this output, including those scrolled away. */
async function render(output: string, columns: number, rows: number): Promise<string[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) =>
    active.getLine(row)!.translateToString(true),
  );
  terminal.dispose();
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Runs the command line in a pseudo-terminal, as a user at a terminal would. */
export async function runInTerminal(args: readonly string[], options: TerminalOptions): Promise<TerminalRun> {
  const { cwd, columns, rows, typed = [], env = {} } = options;
  const command = [SCRIPT, String(columns), String(rows), ...cliCommand(args)];
  const child = spawn('python3', command, { cwd, env: { ...process.env, TERM: 'xterm-256color', ...env } });
  const waiting = [...typed];
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
    if (waiting[0]?.after.test(output)) child.stdin.write(waiting.shift()!.keys);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { code, output, screen: await render(output, columns, rows) };
}
