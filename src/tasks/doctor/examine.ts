import type { RuntimeName } from '../../executors/names.ts';
import { startProcess } from '../../foundation/threads.ts';
import type { Measured } from './measure.ts';
import type { MeasureAnswer } from './measure-process.ts';

/** A runtime on this machine: its measurements, or why it does not run. */
export interface Examined extends Partial<Measured> {
  readonly runtime: RuntimeName;
  readonly problem?: string;
  /** Libraries that it did not find, according to its log. */
  readonly missingLibraries: readonly string[];
}

/** Time limit in milliseconds. The slowest working runtime, a GPU emulated on the CPU, takes less. */
const PATIENCE = 120_000;

/** Finds libraries in TensorFlow's messages, such as "Could not load dynamic library 'libcudnn.so.8'". */
function missingLibraries(log: string): readonly string[] {
  return [
    ...new Set([...log.matchAll(/Could not load dynamic library '([^']+)'/g)].map(([, name]) => name!)),
  ];
}

/** Measures a runtime in a separate process. */
export function examine(runtime: RuntimeName, patience = PATIENCE): Promise<Examined> {
  return new Promise((resolve) => {
    const child = startProcess('./measure-process', import.meta.url, runtime);
    let log = '';
    let answer: MeasureAnswer | undefined;
    let isLate = false;
    child.stderr!.on('data', (text) => (log += text));
    child.on('message', (message: MeasureAnswer) => {
      answer = message;
    });
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, patience);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const examined = { runtime, missingLibraries: missingLibraries(log) };
      if (answer && 'measured' in answer) resolve({ ...examined, ...answer.measured });
      else if (answer) resolve({ ...examined, problem: answer.problem });
      else if (isLate) resolve({ ...examined, problem: `no answer within ${patience / 1000} s` });
      else resolve({ ...examined, problem: `its process stopped with ${signal ?? `code ${code}`}` });
    });
  });
}
