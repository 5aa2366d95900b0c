import * as z from 'zod';
import { EXPORT_FORMATS } from '../../tasks/models/export-formats.ts';
import { exportModel } from '../../tasks/models/export-model.ts';
import { localModel } from '../flags/local-model.ts';
import { inFlags } from '../flags/option-flags.ts';
import { integerFlag, numberFlag, parseFlags, sizeFlag } from '../flags/read-flags.ts';
import { EXIT } from '../terminal/report.ts';

const flags = z.strictObject({
  format: z.enum(EXPORT_FORMATS, `expected ${EXPORT_FORMATS.join(', ')}`),
  weights: z.string().optional(),
  names: z.string().optional(),
  size: sizeFlag.optional(),
  half: z.boolean().default(false),
  decode: z.boolean().default(false),
  nms: z.boolean().default(false),
  iou: numberFlag(0, 1).optional(),
  scoreThreshold: numberFlag(0, 1).optional(),
  maxDetections: integerFlag(1, 1_000_000).optional(),
  out: z.string().optional(),
});

/** Runs `export`. Returns the exit code. */
export async function runExport(model: string, raw: Record<string, unknown>): Promise<number> {
  const { iou: iouThreshold, ...options } = parseFlags(flags, raw);
  const { files, bytes, warnings } = await exportModel({
    ...options,
    iouThreshold,
    model: await localModel(model),
  });
  for (const warning of warnings) console.error(inFlags(`warning: ${warning}`));
  console.log(`${files.toReversed().join(', ')}: ${(bytes / 1e6).toFixed(2)} MB`);
  return EXIT.done;
}
