import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { realPath } from '../../../foundation/files/folders.ts';
import { checkEnds, unreadable } from '../../../foundation/files/read.ts';

/**
 * Checks a model's external tensor files: each must exist in the model's folder.
 * @throws MicroYoloError `invalid-file` for one outside the folder, `not-found` for a missing one
 */
export async function checkExternalFiles(model: string, files: readonly string[]): Promise<void> {
  const folder = await realPath(dirname(model));
  for (const file of files) {
    const path = await realPath(join(folder, file));
    const inside = relative(folder, path);
    if (
      file === '' ||
      isAbsolute(file) ||
      inside === '..' ||
      inside.startsWith(`..${sep}`) ||
      isAbsolute(inside)
    ) {
      throw new MicroYoloError(
        'invalid-file',
        `${model}: its tensors are in ${JSON.stringify(file)}, outside its folder; expected a file beside it`,
        { path: model },
      );
    }
    try {
      await checkEnds(path, `tensors of ${model}`);
    } catch (error) {
      if (error instanceof MicroYoloError) throw error;
      throw await unreadable(path, `tensors of ${model}`, error);
    }
  }
}
