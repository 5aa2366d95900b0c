import { dirname } from 'node:path';
import { openDataset } from '../../datasets/open/description.ts';
import type { DetectionList } from '../../evaluation/detection-list.ts';
import { writeResults } from '../../evaluation/results/file.ts';
import { checkFolder, makeFolder } from '../../foundation/files/folders.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';

/**
 * Checks that detections can be written and overwrite no input, before detection, which may take hours.
 * @param read input files, except the data
 */
export async function checkSaveJson(
  saveJson: string,
  data: string,
  read: readonly (string | undefined)[],
): Promise<void> {
  const { files } = await openDataset(data);
  await checkOverwritesNone(saveJson, [data, ...files, ...read], 'what is read', 'saveJson');
  await checkFolder(dirname(saveJson));
}

/** Writes detections in pycocotools' format. Creates the file's folder if necessary. */
export async function saveDetections(saveJson: string, detections: DetectionList): Promise<void> {
  await makeFolder(dirname(saveJson));
  await writeResults(saveJson, detections);
}
