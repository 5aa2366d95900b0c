import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { loadDetector } from '../../detection/detector.ts';
import { isFile, makeFolder } from '../../foundation/files/folders.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { alternate } from '../../foundation/timing/alternate.ts';
import { median } from '../../foundation/timing/median.ts';
import { DEFAULT_MODEL, shippedModelPath } from '../../models/fetch/catalog.ts';
import { latencyFolder, latencyMachine } from '../latency/meter.ts';

/** Name of the default model in 8 bits, which may be bundled. */
const INT8_MODEL = `${DEFAULT_MODEL}-int8`;
const ROUNDS = 3;

const verdictSchema = z.strictObject({ float32: z.number().positive(), int8: z.number().positive() });

/** Milliseconds of two models on this machine. */
export type ModelTimes = z.infer<typeof verdictSchema>;

/** Options for timing two models. */
export interface TimeModelsOptions {
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Folder for measured times. @default that of `latency` */
  readonly tables?: string | undefined;
}

async function measure(models: Readonly<Record<keyof ModelTimes, string>>, threads: number | undefined) {
  await using float32 = await loadDetector(models.float32, { threads });
  await using int8 = await loadDetector(models.int8, { threads });
  const contenders = Object.entries({ float32, int8 }).map(([name, detector]) => {
    const { width, height } = detector.input;
    const pixels = new Uint8Array(3 * width * height).fill(100);
    return { name, run: () => detector.run(pixels) };
  });
  const times = await alternate(contenders, ROUNDS);
  return { float32: median(times.get('float32')!), int8: median(times.get('int8')!) };
}

/**
 * Times a model in float and one in 8 bits on this machine. The times are stored for later calls.
 * @param models paths of the model files
 */
export async function timeModels(
  models: Readonly<Record<keyof ModelTimes, string>>,
  { threads, tables = latencyFolder() }: TimeModelsOptions = {},
): Promise<ModelTimes> {
  const digest = createHash('sha256').update(latencyMachine(threads));
  for (const path of Object.values(models)) digest.update(await readWholeFile(path, 'a model'));
  const path = join(tables, `int8-${digest.digest('hex').slice(0, 16)}.json`);
  if (await isFile(path)) {
    const known = verdictSchema.safeParse(parse((await readWholeFile(path, 'times')).toString('utf8')));
    if (known.success) return known.data;
  }
  const times = await measure(models, threads);
  await makeFolder(tables);
  await writeWholeFile(path, `${JSON.stringify(times)}\n`, { flush: false });
  return times;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The model to use if none is named. */
export interface ChosenDefault {
  readonly model: string;
  /** One line that explains the choice, if it is not `DEFAULT_MODEL`. */
  readonly note?: string | undefined;
}

/** Chooses the default model: the 8-bit one if it is bundled and faster on this machine. */
export async function chooseDefaultModel(options: TimeModelsOptions = {}): Promise<ChosenDefault> {
  const [float32, int8] = [shippedModelPath(DEFAULT_MODEL), shippedModelPath(INT8_MODEL)];
  if (float32 === undefined || int8 === undefined) return { model: DEFAULT_MODEL };
  const times = await timeModels({ float32, int8 }, options);
  if (times.int8 >= times.float32) return { model: DEFAULT_MODEL };
  const compared = `${times.int8.toFixed(1)} ms, ${DEFAULT_MODEL} ${times.float32.toFixed(1)} ms`;
  return { model: INT8_MODEL, note: `${INT8_MODEL}, which is faster here: ${compared}` };
}
