import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Provenance } from '../../../models/model.ts';

/** Licenses that may restrict derived models, or forbid some uses. */
const DEMANDING = /GPL|\bNC\b|non-?commercial|not for commercial|research only/i;

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part as Uint8Array);
  return hash.digest('hex');
}

/**
 * Provenance entries for a model that learned from a teacher: the teacher's file, and its license if known.
 * @param file file with the weights
 * @param onNote called if the license may apply to the student
 */
export async function teacherProvenance(
  file: string,
  { license }: Provenance,
  onNote: (message: string) => void,
): Promise<Provenance> {
  if (license !== undefined && DEMANDING.test(license)) {
    onNote(`teacher: its license is ${license}; check whether it applies to models that learn from it`);
  }
  const teacher = `${basename(file)}, sha256 ${await sha256Of(file)}`;
  return license === undefined ? { teacher } : { teacher, 'teacher license': license };
}
