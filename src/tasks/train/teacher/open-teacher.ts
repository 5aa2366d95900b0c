import { availableParallelism } from 'node:os';
import type { Dataset } from '../../../datasets/dataset.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { Network } from '../../../network/layers.ts';
import type { TrainingSettings } from '../../../training/run/settings.ts';
import type { Teacher } from '../../../training/teacher/teacher.ts';
import { checkHints, hintedStudent } from './check-hints.ts';
import { loadTeacher } from './teacher.ts';

/** Threads of the teacher, which processes the next batch during a step. More would slow down the step. */
const teacherThreads = (threads = availableParallelism()) => Math.max(1, Math.floor(threads / 2));

/**
 * Opens the teacher of a run's settings, and checks it against the student network.
 * @returns undefined if there is none
 * @throws MicroYoloError if it cannot be used
 */
export async function openTeacher(
  settings: TrainingSettings,
  dataset: Dataset,
  network: Network,
  onNote: (message: string) => void,
): Promise<Teacher | undefined> {
  const { teacher: path, teacherWeights, hints } = settings;
  if (path === null && teacherWeights !== null) {
    const problem = `teacherWeights ${teacherWeights}: there is no teacher`;
    throw new MicroYoloError('invalid-argument', `${problem}; name its .cfg as the teacher`);
  }
  const threads = teacherThreads(settings.threads ?? undefined);
  const teacher =
    path === null
      ? undefined
      : await loadTeacher(path, dataset, threads, Object.values(hints), {
          weights: teacherWeights,
          student: hintedStudent(network, settings),
          onNote,
        });
  try {
    checkHints(teacher, network, settings, onNote);
  } catch (error) {
    await teacher?.[Symbol.asyncDispose]();
    throw error;
  }
  return teacher;
}
