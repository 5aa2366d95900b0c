import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Machine {
  /** Platform and architecture, as in Node: `linux x64`. */
  readonly platform: string;
  readonly node: string;
  /** NVIDIA GPUs with their driver versions, from nvidia-smi. Empty without that program. */
  readonly nvidia: readonly string[];
}

export async function thisMachine(): Promise<Machine> {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const nvidia = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000 }).then(
    ({ stdout }) => stdout.split('\n').filter((line) => line.trim() !== ''),
    () => [],
  );
  return { platform: `${process.platform} ${process.arch}`, node: process.version, nvidia };
}
