import type { MicroYoloError } from '../errors.ts';
import { expandImagePaths } from '../image/sources.ts';
import { type Classification, type LoadClassifierOptions, loadClassifier } from '../inference/classifier.ts';
import { prepareAhead } from '../inference/prepare-ahead.ts';
import { loadModel } from '../model/load.ts';

export interface ClassifyFilesOptions extends LoadClassifierOptions {
  /** Files, folders and globs. */
  readonly images: readonly string[];
  /** Folders that are not searched where there are other images. @default none */
  readonly except?: readonly string[] | undefined;
  /** A path, an https address, or the name of a model that ships. */
  readonly model: string;
  /** Classes an image, those that score highest. @default 5 */
  readonly top?: number | undefined;
}

export interface ImageClasses {
  readonly image: string;
  /** The likeliest first. */
  readonly classes: readonly Classification[];
}

export type ClassifyFilesEvent =
  | { readonly type: 'note'; readonly message: string }
  | { readonly type: 'started'; readonly runtime: string; readonly images: number }
  | ({ readonly type: 'classified' } & ImageClasses)
  /** An image that could not be used; the others go on. */
  | { readonly type: 'skipped'; readonly image: string; readonly error: MicroYoloError };

/**
 * Tells what image files show. An image that cannot be used is reported and skipped.
 * @throws MicroYoloError where nothing can be done at all: no such model or image
 */
export async function classifyFiles(
  options: ClassifyFilesOptions,
  onEvent: (event: ClassifyFilesEvent) => void = () => {},
): Promise<readonly ImageClasses[]> {
  const { weights, names, top } = options;
  const onNote = (message: string) => onEvent({ type: 'note', message });
  const images = await expandImagePaths(options.images, options.except, onNote);
  const { model, warnings } = await loadModel(options.model, { weights, names });
  warnings.forEach(onNote);
  await using classifier = await loadClassifier(model, options);
  classifier.check({ top });
  onEvent({ type: 'started', runtime: classifier.runtime, images: images.length });
  const results: ImageClasses[] = [];
  for await (const ready of prepareAhead(images, (image) => classifier.prepare(image))) {
    if (ready.error) {
      onEvent({ type: 'skipped', image: ready.source, error: ready.error });
      continue;
    }
    const scores = await classifier.scores(ready.prepared.pixels);
    const result = { image: ready.source, classes: classifier.best(scores, top) };
    results.push(result);
    onEvent({ type: 'classified', ...result });
  }
  return results;
}
