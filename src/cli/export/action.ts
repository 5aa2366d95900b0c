import { EXPORT_OPTIONS } from '../../options/export.ts';
import { EXPORT_FORMATS } from '../../tasks/models/export-formats.ts';
import { type ExportOptions, exportModel } from '../../tasks/models/export-model.ts';
import { localModel } from '../flags/local-model.ts';
import { inFlags } from '../flags/option-flags.ts';
import { readFlags } from '../flags/read-table.ts';
import { EXIT } from '../terminal/report.ts';

type Flags = Omit<ExportOptions, 'model'>;

/** Runs `export`. Returns the exit code. */
export async function runExport(model: string, raw: Record<string, unknown>): Promise<number> {
  const table = { ...EXPORT_OPTIONS, format: { ...EXPORT_OPTIONS.format, choices: EXPORT_FORMATS } };
  const { options } = readFlags<Flags, Record<never, never>>(table, {}, raw);
  const { files, bytes, warnings } = await exportModel({
    ...options,
    model: await localModel(model),
  });
  for (const warning of warnings) console.error(inFlags(`warning: ${warning}`));
  console.log(`${files.toReversed().join(', ')}: ${(bytes / 1e6).toFixed(2)} MB`);
  return EXIT.done;
}
