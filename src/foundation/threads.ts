import { type ChildProcess, spawn } from 'node:child_process';
import { SHARE_ENV, Worker, type WorkerOptions } from 'node:worker_threads';

/** Whether a module runs from TypeScript source, in a clone of the repository. tsx adds a query to such addresses. */
const isSource = (base: string) => new URL(base).pathname.endsWith('.ts');

/** A script that imports one of this package's modules: through tsx from source, directly from the built package. */
function importing(module: string, base: string): string {
  if (!isSource(base)) return `import(${JSON.stringify(new URL(`${module}.js`, base).href)})`;
  const source = JSON.stringify(new URL(`${module}.ts`, base).href);
  // Resolved here, because an evaluated script would resolve it from the current folder.
  const tsx = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${tsx}).then(({ tsImport }) => tsImport(${source}, ${source}))`;
}

/** Node's options of this process without `--input-type`, which belongs to `-e` and would also apply to the worker. */
function workerArguments(): string[] {
  const given = process.execArgv;
  return given.filter((value, at) => !value.startsWith('--input-type') && given[at - 1] !== '--input-type');
}

/**
 * Starts a module as a worker thread.
 * @param module path without extension, relative to `base`
 * @param base `import.meta.url` of the caller
 */
export function startWorker(module: string, base: string, workerData: unknown): Worker {
  // Native libraries read the environment of the process, not a thread's copy.
  const options: WorkerOptions = { workerData, env: SHARE_ENV, execArgv: workerArguments() };
  if (!isSource(base)) return new Worker(new URL(`${module}.js`, base), options);
  return new Worker(importing(module, base), { eval: true, ...options });
}

/** Starts a module as a separate process, which can send messages. `argument` becomes its `process.argv[1]`. */
export function startProcess(module: string, base: string, argument: string): ChildProcess {
  return spawn(process.execPath, ['-e', importing(module, base), argument], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}
