import { z } from 'zod';
import { importModel } from '../tasks/import-model.ts';
import { parseFlags, sizeFlag } from './flags.ts';
import { EXIT } from './report.ts';

const flags = z.strictObject({
  network: z.string(),
  names: z.string().optional(),
  size: sizeFlag.optional(),
  half: z.boolean().default(false),
  out: z.string().optional(),
});

/** Runs `import`. Returns the exit code. */
export async function runImport(weights: string, raw: Record<string, unknown>): Promise<number> {
  const { path, bytes, classes } = await importModel({ ...parseFlags(flags, raw), weights });
  console.log(
    `${path}: ${classes} classes, ${(bytes / 1e6).toFixed(2)} MB; try it: micro-yolo classify photo.jpg --model ${path}`,
  );
  return EXIT.done;
}
