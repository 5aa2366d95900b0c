import { type ChildProcess, spawn } from 'node:child_process';
import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads';

/** Whether a module runs as it is written, in a clone: then tsx loads others of its kind, and adds a query to their addresses. */
const isSource = (base: string) => new URL(base).pathname.endsWith('.ts');

/** A script that imports a module of ours; the built package runs plain JavaScript. */
function importing(module: string, base: string): string {
  if (!isSource(base)) return `import(${JSON.stringify(new URL(`${module}.js`, base).href)})`;
  const source = JSON.stringify(new URL(`${module}.ts`, base).href);
  // From here: an evaluated script would look for it in the current folder.
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${tsx}).then(({ tsImport }) => tsImport(${source}, ${source}))`;
}

/** The process's own options without the kind of a program given by `-e`, which would be taken for the worker's. */
function workerArguments(): string[] {
  const given = process.execArgv;
  return given.filter((value, at) => !value.startsWith('--input-type') && given[at - 1] !== '--input-type');
}

/**
 * Starts a module as a worker thread.
 * @param module its path without extension, relative to `base`
 * @param base `import.meta.url` of the caller
 */
export function startWorker(module: string, base: string, workerData: unknown): Worker {
  // Native libraries read the process's variables and not a thread's copy of them.
  const options: WorkerOptions = { workerData, env: SHARE_ENV, execArgv: workerArguments() };
  if (!isSource(base)) return new Worker(new URL(`${module}.js`, base), options);
  return new Worker(importing(module, base), { eval: true, ...options });
}

/** Starts a module as a process of its own, which may send messages; `argument` is its `process.argv[1]`. */
export function startProcess(module: string, base: string, argument: string): ChildProcess {
  return spawn(process.execPath, ['-e', importing(module, base), argument], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
