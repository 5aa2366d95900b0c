import { z } from 'zod';
import { exportModel } from '../tasks/export-model.ts';
import { parseFlags, sizeFlag } from './flags.ts';
import { localModel } from './local-model.ts';
import { inFlags } from './option-flags.ts';
import { EXIT } from './report.ts';

const flags = z.strictObject({
  format: z.enum(['onnx', 'safetensors'], 'expected onnx or safetensors'),
  weights: z.string().optional(),
  names: z.string().optional(),
  size: sizeFlag.optional(),
  half: z.boolean().default(false),
  out: z.string().optional(),
});

/** Runs `export`. Returns the exit code. */
export async function runExport(model: string, raw: Record<string, unknown>): Promise<number> {
  const { path, bytes, warnings } = await exportModel({
    ...parseFlags(flags, raw),
    model: await localModel(model),
  });
  for (const warning of warnings) console.error(inFlags(`warning: ${warning}`));
  console.log(`${path}: ${(bytes / 1e6).toFixed(2)} MB`);
  return EXIT.done;
}
