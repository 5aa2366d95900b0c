import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { type NotedImage, summarizeNotes } from '../../image/notes.ts';
import { type FilledStore, fillStore } from '../loader/store/fill.ts';
import type { TrainingEvent } from './events.ts';
import type { TrainingRun } from './run.ts';
import { longestSide } from './run-schedule.ts';

type ReadOptions = Pick<TrainingRun, 'dataset' | 'settings' | 'network' | 'folder' | 'signal'>;

/**
 * Reads the images of a run, at the size that its largest input needs.
 * @throws MicroYoloError `invalid-file` if no image can be read, or `interrupted`
 */
export async function readImages(
  { dataset, settings, network, folder, signal }: ReadOptions,
  onEvent: (event: TrainingEvent) => void,
): Promise<FilledStore> {
  const { images, imageFolder } = dataset;
  onEvent({ type: 'reading', images: images.length });
  const [, height, width] = network.input;
  const noted: NotedImage[] = [];
  const filled = await fillStore({
    images,
    imageFolder,
    side: longestSide(settings, { width, height }),
    cache: settings.cache,
    folder,
    signal,
    onImage: (problem) => onEvent({ type: 'image', problem: problem?.message }),
    onNote: (one) => noted.push(one),
  });
  for (const message of summarizeNotes(noted)) onEvent({ type: 'note', message });
  if (filled.usable.length > 0) return filled;
  await filled[Symbol.asyncDispose]();
  throw new MicroYoloError(
    'invalid-file',
    `${imageFolder}: none of ${images.length} images can be read; run "micro-yolo dataset check"`,
  );
}
