import { Worker } from 'node:worker_threads';

/**
 * Starts a module as a worker thread. The built package runs plain JavaScript; in a clone the source runs
 * through tsx.
 * @param module its path without extension, relative to `base`
 * @param base `import.meta.url` of the caller
 */
export function startWorker(module: string, base: string, workerData: unknown): Worker {
  if (!base.endsWith('.ts')) return new Worker(new URL(`${module}.js`, base), { workerData });
  const source = JSON.stringify(new URL(`${module}.ts`, base).href);
  const script = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${source}, ${source}))`;
  return new Worker(script, { eval: true, workerData });
}
