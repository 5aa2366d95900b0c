import { createHash } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { MicroYoloError, systemErrorCode } from '../../foundation/errors/errors.ts';
import { notWritable } from '../../foundation/files/write.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import {
  formatDescription,
  type ModelDescription,
  parseDescription,
} from '../../models/formats/safetensors/description.ts';
import { float32Entries } from '../../models/formats/safetensors/model-file.ts';
import {
  readSafetensors,
  type SafetensorsEntry,
  writeSafetensors,
} from '../../models/formats/safetensors/safetensors.ts';

/** Where a run is, and all that happened in it that the rest depends on. */
const runStateSchema = z.strictObject({
  version: z.literal(1),
  /** Of the next batch. */
  position: z.strictObject({ epoch: z.number().int().min(0), batch: z.number().int().min(0) }),
  /** Steps taken. */
  step: z.number().int().min(0),
  /** Updates of the weights. */
  updates: z.number().int().min(0),
  /** Training time so far, in seconds, with the reading of images before the first step. */
  seconds: z.number().min(0),
  /** How long that took: the schedule of a run that ends by time begins after it. */
  reading: z.number().min(0).default(0),
  best: z.strictObject({ value: z.number(), epoch: z.number().int() }).nullable(),
  /** A row an epoch: its losses and metrics. */
  history: z.array(z.record(z.string(), z.number())),
  /** Sums of the epoch under way, by metric. */
  sums: z.record(z.string(), z.number()),
  engine: z.string(),
  /** Which form computes each gradient, by input size. */
  choices: z.record(z.string(), z.record(z.string(), z.string())),
  /** Places of images that could not be read at the start, and have no part in any epoch. */
  unusable: z.array(z.number().int().min(0)).optional(),
  /** Of the settings that the run's outcome depends on. */
  settings: z.string(),
});

/** Position and history of a run. */
export type RunState = Readonly<z.infer<typeof runStateSchema>>;

/** A saved run: the step's state, and the position in the data. */
export interface Checkpoint {
  /** Position and history of the run. */
  readonly run: RunState;
  /** The model. A checkpoint is also a model file. */
  readonly model: ModelDescription;
  /** The step's state: weights, averages, momenta. */
  readonly state: Tensors;
}

const METADATA_KEY = 'micro-yolo-run';
const DIGEST_KEY = 'sha256';

/** Names of a run folder's checkpoint, and of the one before. */
export const CHECKPOINT_FILE = 'checkpoint.safetensors';
export const PREVIOUS_CHECKPOINT_FILE = 'checkpoint-previous.safetensors';

function digest(run: string, tensors: ReadonlyMap<string, SafetensorsEntry>): string {
  const hash = createHash('sha256').update(run);
  for (const [name, { bytes }] of tensors) hash.update(name).update(bytes);
  return hash.digest('hex');
}

/**
 * Writes a checkpoint and keeps the one before. Whatever stops the process leaves one of the two whole.
 * @throws MicroYoloError `not-writable`
 */
export async function writeCheckpoint(folder: string, { run, model, state }: Checkpoint): Promise<void> {
  const text = JSON.stringify(run);
  const tensors = float32Entries(state);
  const metadata = {
    ...formatDescription(model, folder),
    [METADATA_KEY]: text,
    [DIGEST_KEY]: digest(text, tensors),
  };
  const path = join(folder, CHECKPOINT_FILE);
  const fresh = join(folder, `${CHECKPOINT_FILE}.new`);
  await writeSafetensors(fresh, { tensors, metadata });
  await rename(path, join(folder, PREVIOUS_CHECKPOINT_FILE)).catch((error: unknown) => {
    if (systemErrorCode(error) !== 'ENOENT') throw notWritable(path, error);
  });
  await rename(fresh, path).catch((error: unknown) => {
    throw notWritable(path, error);
  });
}

async function readOne(path: string): Promise<Checkpoint> {
  const { tensors, metadata } = await readSafetensors(path);
  const fail = (problem: string): never => {
    throw new MicroYoloError(
      'invalid-file',
      `${path}: ${problem}; expected a checkpoint of micro-yolo train`,
      { path },
    );
  };
  const text = metadata[METADATA_KEY];
  if (text === undefined) return fail('contains no run');
  if (digest(text, tensors) !== metadata[DIGEST_KEY]) return fail('damaged: its checksum is wrong');
  const parsed = runStateSchema.safeParse(JSON.parse(text));
  if (!parsed.success)
    return fail(`${parsed.error.issues[0]!.path.join('.')}: ${parsed.error.issues[0]!.message}`);
  const state = new Map(
    [...tensors].map(([name, { shape, bytes }]): [string, Tensor] => [
      name,
      { shape, data: new Float32Array(new Uint8Array(bytes).buffer) },
    ]),
  );
  return { run: parsed.data, model: parseDescription(metadata, path), state };
}

/** A checkpoint that was read. */
export interface FoundCheckpoint extends Checkpoint {
  /** Why it is not the newest. */
  readonly problem?: string;
}

/**
 * Reads a run folder's newest checkpoint; where that is damaged or missing, the one before.
 * @throws MicroYoloError if there is none that can be used
 */
export async function readCheckpoint(folder: string): Promise<FoundCheckpoint> {
  try {
    return await readOne(join(folder, CHECKPOINT_FILE));
  } catch (error) {
    if (!(error instanceof MicroYoloError)) throw error;
    try {
      return { ...(await readOne(join(folder, PREVIOUS_CHECKPOINT_FILE))), problem: error.message };
    } catch {
      throw error;
    }
  }
}
