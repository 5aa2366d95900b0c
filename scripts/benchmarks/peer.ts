import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export const python = process.env['PYTHON'] ?? 'python3';

/** Milliseconds of several runs in a row. */
export interface Runner {
  run(count: number): Promise<readonly number[]>;
  close(): Promise<void>;
}

/**
 * A Python process that runs on request: it prints one line of JSON when it is ready, and answers each line
 * `run K` with the milliseconds of K runs as {"ms": […]}.
 */
export async function servePeer(args: readonly string[]): Promise<Runner> {
  const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${args[0]} ended without an answer`);
    return JSON.parse(value as string) as { ms: readonly number[] };
  };
  await answer();
  return {
    async run(count) {
      child.stdin.write(`run ${count}\n`);
      return (await answer()).ms;
    },
    close: async () => void child.stdin.end(),
  };
}
