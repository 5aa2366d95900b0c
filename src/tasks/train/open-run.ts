import { join } from 'node:path';
import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option, optionValues } from '../../foundation/errors/named-options.ts';
import { isFolder } from '../../foundation/files/folders.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { type Checkpoint, readCheckpoint } from '../../training/run/checkpoint.ts';
import { LAST_FILE } from '../../training/run/files.ts';
import { FREE_SETTINGS, outcomeSettings } from '../../training/run/outcome.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';
import { RUN_FILE, SETTINGS_FILE } from './run-folder.ts';
import { isLonger } from './run-length.ts';
import {
  type GivenSettings,
  mergeSettings,
  readSettings,
  resolveSettings,
  settingsDifferences,
} from './settings-file.ts';

/** A run to resume. */
export interface OpenedRun {
  readonly settings: TrainingSettings;
  readonly checkpoint: Checkpoint;
  /** The run's settings with a greater length, if one is requested. */
  readonly extended: TrainingSettings | undefined;
  readonly problem?: string;
}

/** Opens a run folder to resume. Refuses changes of settings that would affect the outcome. */
export async function openRun(folder: string, given: GivenSettings): Promise<OpenedRun> {
  if (!(await isFolder(folder))) {
    throw new MicroYoloError('not-found', `resume ${folder}: no such folder, expected a run folder`);
  }
  const { problem, ...checkpoint } = await readCheckpoint(folder);
  const file = join(folder, SETTINGS_FILE);
  const own = await readSettings(file);
  const settings = resolveSettings(mergeSettings(own, given), file);
  // The checkpoint may come from another version, so its settings are resolved again.
  const first = resolveSettings(JSON.parse(checkpoint.run.settings) as GivenSettings, file);
  const began = outcomeSettings(first);
  const isExtended = isLonger(first, settings, checkpoint.run);
  const { epochs, maxMinutes } = settings;
  const length = { epochs: first.epochs, maxMinutes: first.maxMinutes };
  const compared = outcomeSettings(isExtended ? { ...settings, ...length } : settings);
  if (compared !== began) {
    const before = JSON.parse(began) as GivenSettings;
    const after = JSON.parse(compared) as GivenSettings;
    const changed = settingsDifferences(before, after).join(', ');
    throw new MicroYoloError(
      'invalid-argument',
      `resume ${folder}: settings differ from those the run started with: ${changed}; ` +
        `only ${FREE_SETTINGS.join(', ')} may change, and epochs or maxMinutes may grow: start a new run with ${optionValues({ weights: join(folder, LAST_FILE) })}`,
      { field: 'resume', received: folder },
    );
  }
  const extended = isExtended ? resolveSettings(mergeSettings(own, { epochs, maxMinutes }), file) : undefined;
  return { settings, checkpoint, extended, ...(problem === undefined ? {} : { problem }) };
}

const runFileSchema = z.looseObject({ data: z.record(z.string(), z.looseObject({ sha256: z.string() })) });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws MicroYoloError `invalid-argument` if the data has changed since the run began */
export async function checkData(
  folder: string,
  digests: Readonly<Record<string, { readonly sha256: string }>>,
) {
  const text = await readWholeFile(join(folder, RUN_FILE), 'the record of the run');
  const parsed = runFileSchema.safeParse(parseJson(text.toString('utf8')));
  if (!parsed.success) {
    const problem = `${join(folder, RUN_FILE)}: does not name the data of the run`;
    throw new MicroYoloError('invalid-file', `${problem}; start a new run with ${option('weights')}`);
  }
  const { data } = parsed.data;
  for (const split of new Set([...Object.keys(data), ...Object.keys(digests)])) {
    if (data[split]?.sha256 === digests[split]?.sha256) continue;
    throw new MicroYoloError(
      'invalid-argument',
      `resume ${folder}: split ${split} of the data has changed since the run started; start a new run with ${option('weights')}`,
      { field: 'resume', received: folder },
    );
  }
}
