import { dirname, join, resolve } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { isFile } from '../../foundation/files/folders.ts';
import { readOrigin } from '../train/read-run.ts';
import { datasetDigest, RUN_FILE, SETTINGS_FILE } from '../train/run-folder.ts';
import { readSettings, resolveSettings } from '../train/settings-file.ts';

const REMEDY = 'figures on such images say little about others';

/**
 * Returns a note if a model in a run folder was trained on the images that it is evaluated on.
 * @param model path or name of the model
 * @param data path of the evaluated data
 */
export async function trainingImagesNote(
  model: string,
  data: string,
  dataset: Dataset,
): Promise<string | undefined> {
  const folder = dirname(model);
  if (!(await isFile(join(folder, RUN_FILE))) || !(await isFile(join(folder, SETTINGS_FILE))))
    return undefined;
  try {
    const { digests } = await readOrigin(folder);
    const file = join(folder, SETTINGS_FILE);
    const settings = resolveSettings(await readSettings(file), file);
    const digest = datasetDigest(dataset);
    if (digests.get(settings.trainSplit) === digest)
      return `the model was trained on these images: ${REMEDY}`;
    const isWhole = settings.valShare !== null && digests.get(settings.evaluateSplit ?? '') !== digest;
    return isWhole && resolve(settings.data) === resolve(data)
      ? `the model was trained on ${Math.round(100 * (1 - settings.valShare))} % of these images: ${REMEDY}`
      : undefined;
  } catch (error) {
    // Evaluation does not need the run's files.
    if (error instanceof MicroYoloError) return undefined;
    throw error;
  }
}
