import { join, relative, sep } from 'node:path';
import { readModel } from '../../models/formats/safetensors/model-file.ts';
import { evaluateModel } from '../evaluate/evaluate-model.ts';
import { trainInFolder } from '../prune/run-folder-training.ts';
import type { GivenSettings } from '../train/settings-file.ts';
import type { TrainEvent } from '../train/train-detector.ts';

/** Training and evaluation of a candidate, as plain data that can be sent to another process. */
export interface TrialTask {
  /** Output folder of the search. */
  readonly out: string;
  /** Name of the trial's run. */
  readonly name: string;
  /** Digest of the search. */
  readonly work: string;
  /** File of the candidate's untrained model. */
  readonly model: string;
  readonly data: string;
  readonly split: string;
  readonly threads: number | undefined;
  readonly settings: GivenSettings;
}

export interface TrialOutcome {
  readonly AP: number;
  readonly AP50: number;
  /** Path of the trained model, relative to the output folder. */
  readonly model: string;
}

/**
 * Trains and evaluates a candidate.
 * @returns undefined if interrupted. Call it again to continue
 */
export async function runTrial(
  { out, name, work, model: start, data, split, threads, settings }: TrialTask,
  signal: AbortSignal,
  onEvent: (event: TrainEvent) => void = () => {},
): Promise<TrialOutcome | undefined> {
  if (signal.aborted) return undefined;
  const model = await readModel(start);
  const runs = join(out, 'trials');
  const trained = await trainInFolder({ runs, name, work, model, settings, signal }, onEvent);
  if (!trained) return undefined;
  const { metrics } = await evaluateModel({ data, split, model: trained.model, threads });
  const { AP, AP50 } = metrics;
  return { AP, AP50, model: relative(out, trained.model).split(sep).join('/') };
}
