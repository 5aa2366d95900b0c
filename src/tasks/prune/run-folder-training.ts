import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isInterruption } from '../../foundation/abort.ts';
import { isFile, isFolder, makeFolder } from '../../foundation/files/folders.ts';
import { writeModel } from '../../models/formats/safetensors/model-file.ts';
import type { Model } from '../../models/model.ts';
import { CHECKPOINT_FILE, PREVIOUS_CHECKPOINT_FILE } from '../../training/run/checkpoint.ts';
import { lockRun } from '../train/run-folder.ts';
import type { GivenSettings } from '../train/settings-file.ts';
import { type TrainEvent, trainDetector } from '../train/train-detector.ts';

export interface FolderTraining {
  /** Folder of run folders. */
  readonly runs: string;
  /** Name of the run. */
  readonly name: string;
  /** Digest of everything that the outcome depends on. An interrupted run of the same name and work continues. */
  readonly work: string;
  readonly model: Model;
  readonly settings: GivenSettings;
  readonly signal: AbortSignal | undefined;
}

export interface TrainedFolder {
  readonly folder: string;
  /** Path of the best model. */
  readonly model: string;
}

/** Replaces characters that run names cannot contain. */
const plainName = (name: string) => name.replaceAll(/[^\w.-]+/g, '-');

/** Folder of an interrupted run. A folder that ended before its first checkpoint is removed, and the run starts over. */
async function interruptedRun(runs: string, name: string): Promise<string | undefined> {
  const entries = (await isFolder(runs)) ? await readdir(runs) : [];
  for (const entry of entries.filter(
    (each) => /^-\d+$/.test(each.slice(name.length)) && each.startsWith(name),
  )) {
    const folder = join(runs, entry);
    for (const file of [CHECKPOINT_FILE, PREVIOUS_CHECKPOINT_FILE]) {
      if (await isFile(join(folder, file))) return folder;
    }
    // Fails if another process is training there.
    await using _lock = await lockRun(folder);
    await rm(folder, { recursive: true });
  }
  return undefined;
}

/**
 * Trains a model in its own run folder. Continues an interrupted run of the same name and work.
 * @returns undefined if interrupted
 * @throws MicroYoloError `locked` if another process is training there
 */
export async function trainInFolder(
  { runs, name: given, work, model, settings, signal }: FolderTraining,
  onEvent: (event: TrainEvent) => void,
): Promise<TrainedFolder | undefined> {
  const name = plainName(`${given}-${work}`);
  const resume = await interruptedRun(runs, name);
  try {
    if (resume !== undefined) {
      const { reason, ...report } = await trainDetector({ resume }, { signal, onEvent });
      return reason === 'interrupted' ? undefined : report;
    }
    const start = join(runs, `${name}.safetensors`);
    await makeFolder(runs);
    await writeModel(start, model);
    const options = { settings: { ...settings, model: start, runs, name } };
    const { reason, ...report } = await trainDetector(options, { signal, onEvent });
    return reason === 'interrupted' ? undefined : report;
  } catch (error) {
    if (isInterruption(error)) return undefined;
    throw error;
  }
}
