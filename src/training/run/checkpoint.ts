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

/** Position of a run, and its history as far as the rest of the run depends on it. */
const runStateSchema = z.strictObject({
  version: z.literal(1),
  /** Position of the next batch. */
  position: z.strictObject({ epoch: z.number().int().min(0), batch: z.number().int().min(0) }),
  /** Number of steps so far. */
  step: z.number().int().min(0),
  /** Number of weight updates so far. */
  updates: z.number().int().min(0),
  /** Training time so far, in seconds, including the time for reading images before the first step. */
  seconds: z.number().min(0),
  /** Time for reading images, in seconds. The schedule of a run with a time limit starts after it. */
  reading: z.number().min(0).default(0),
  best: z.strictObject({ value: z.number(), epoch: z.number().int() }).nullable(),
  /** Losses and metrics, one row per epoch. */
  history: z.array(z.record(z.string(), z.number())),
  /** Sums of the current epoch, by metric. */
  sums: z.record(z.string(), z.number()),
  engine: z.string(),
  /** Chosen algorithm for each gradient, by input size. */
  choices: z.record(z.string(), z.record(z.string(), z.string())),
  /** Indices of images that were unreadable at the start. No epoch uses them. */
  unusable: z.array(z.number().int().min(0)).optional(),
  /** Settings that affect the outcome, as text; see `outcomeSettings`. */
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

/** Names of the checkpoint in a run's folder, and of the previous one. */
export const CHECKPOINT_FILE = 'checkpoint.safetensors';
export const PREVIOUS_CHECKPOINT_FILE = 'checkpoint-previous.safetensors';

function digest(run: string, tensors: ReadonlyMap<string, SafetensorsEntry>): string {
  const hash = createHash('sha256').update(run);
  for (const [name, { bytes }] of tensors) hash.update(name).update(bytes);
  return hash.digest('hex');
}

/**
 * Writes a checkpoint and keeps the previous one. If the process dies, one of the two is still intact.
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
  /** Error of the newest checkpoint, if this is the previous one. */
  readonly problem?: string;
}

/**
 * Reads the newest checkpoint in a run's folder. If it is damaged or missing, reads the previous one.
 * @throws MicroYoloError if there is no usable checkpoint
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
