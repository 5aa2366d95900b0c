import { checkOptions } from '../../foundation/errors/check-options.ts';
import type { ItemEvent, NoteEvent, SkippedEvent, StartedEvent } from '../../foundation/events.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { type NotedImage, summarizeNotes } from '../../image/notes.ts';
import { prepareEach } from '../../image/prepare-ahead.ts';
import { loadModel } from '../../models/load.ts';
import {
  type Classification,
  type LoadClassifierOptions,
  loadClassifier,
} from '../../models/running/classifier.ts';
import { CLASSIFY_OPTIONS } from '../../options/classify.ts';
import { type ImageInput, nameImages } from './named-images.ts';

/** Options for classifying files. */
export interface ClassifyFilesOptions extends LoadClassifierOptions {
  /** Files, folders, globs and addresses, or named images in memory. Missing ones are skipped. */
  readonly images: readonly ImageInput[];
  /** Folders that are not searched if there are other images. @default none */
  readonly except?: readonly string[] | undefined;
  /** A path, an https address, or the name of a bundled model. */
  readonly model: string;
  /** Number of classes per image, those with the highest scores. @default 5 */
  readonly top?: number | undefined;
}

/** Classes of an image. */
export interface ImageClasses {
  /** Path, address or name of the image. */
  readonly image: string;
  /** Classes, most likely first. */
  readonly classes: readonly Classification[];
}

/** Progress events of classifying files. */
export type ClassifyFilesEvent =
  | NoteEvent
  | (StartedEvent & { readonly runtime: string })
  | (ItemEvent & ImageClasses)
  /** A truncated image that was used anyway. */
  | { readonly type: 'torn'; readonly image: string; readonly message: string }
  | SkippedEvent;

/**
 * Classifies image files. Images that cannot be used are reported and skipped.
 * @throws MicroYoloError if the model cannot be loaded, or there are no images
 */
export async function classifyFiles(
  options: ClassifyFilesOptions,
  watch: Watch<ClassifyFilesEvent> = {},
): Promise<readonly ImageClasses[]> {
  const onEvent = watching(watch);
  checkOptions('classifyFiles options', options, CLASSIFY_OPTIONS);
  const { images: inputs, except = [], model: name, top, ...loading } = options;
  const { weights, names } = loading;
  const onNote = (message: string) => onEvent({ type: 'note', message });
  const images = await nameImages(inputs, except, onNote, ({ image, error }) =>
    onEvent({ type: 'skipped', image, error }),
  );
  const { model, warnings } = await loadModel(name, { weights, names });
  warnings.forEach(onNote);
  await using classifier = await loadClassifier(model, loading);
  classifier.check({ top });
  onEvent({ type: 'started', runtime: classifier.runtime, total: images.length });
  const results: ImageClasses[] = [];
  const noted: NotedImage[] = [];
  const sources = images.map(({ source }) => source);
  let place = 0;
  for await (const { prepared, error } of prepareEach(sources, (source) => classifier.prepare(source))) {
    const image = images[place++]!.name;
    if (error) {
      onEvent({ type: 'skipped', image, error });
      continue;
    }
    const { pixels, note } = prepared;
    if (note?.kind === 'torn') onEvent({ type: 'torn', image, message: note.message });
    else if (note) noted.push({ image, note });
    const result = { image, classes: classifier.best(await classifier.scores(pixels), top) };
    results.push(result);
    onEvent({ type: 'item', ...result });
  }
  summarizeNotes(noted).forEach(onNote);
  return results;
}
