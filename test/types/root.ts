/** The API as users write it. `.ci/types` compiles it against the packed package, with several compilers and settings; it never runs. */
import {
  type Detection,
  type DetectOptions,
  detectFiles,
  detectMany,
  evaluateModel,
  loadClassifier,
  loadDetector,
  MicroYoloError,
  trainDetector,
} from 'micro-yolo';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only if its argument is `true`. */
export const check = <T extends true>(value?: T) => value;

export async function detecting(): Promise<readonly Detection[]> {
  const detector = await loadDetector('micro-yolo-coco');
  const detections = await detector.detect('photo.jpg', { scoreThreshold: 0.3, classes: ['person'] });
  for (const { label, score, box } of detections) {
    check<Equal<typeof label, string>>();
    check<Equal<typeof score, number>>();
    const [left, top, width, height]: readonly [number, number, number, number] = box;
    console.log(label, score, left + width, top + height);
  }
  await detector.detect(new URL('https://example.org/photo.jpg'));
  await detector.detect(new Uint8Array(3));
  await detector.detect({ data: new Uint8Array(12), width: 2, height: 2 });
  // @ts-expect-error An option that does not exist.
  await detector.detect('photo.jpg', { scoreTreshold: 0.3 });
  // @ts-expect-error A number is not a source.
  await detector.detect(3);
  await detector[Symbol.asyncDispose]();
  return detections;
}

/** Optional options can also be undefined, because wrappers pass on what they receive. */
export async function wrapping(scoreThreshold?: number, threads?: number): Promise<readonly Detection[]> {
  const options: DetectOptions = { scoreThreshold, iouThreshold: undefined };
  const detector = await loadDetector('micro-yolo-coco', { threads });
  return detector.detect('photo.jpg', options);
}

export async function many(): Promise<void> {
  const detector = await loadDetector('micro-yolo-coco');
  for await (const found of detectMany(detector, ['a.jpg', 'b.jpg'])) {
    const source: string = found.source;
    if (found.error) throw found.error;
    console.log(source, found.result.detections.length, found.result.width);
  }
}

export async function files(): Promise<void> {
  const images = await detectFiles(
    { images: ['photos/'], model: 'micro-yolo-coco' },
    {
      onEvent: (event) => {
        if (event.type === 'skipped') console.log(event.image, event.error.message);
        // @ts-expect-error Other events have no error.
        if (event.type === 'started') console.log(event.error);
      },
    },
  );
  console.log(images.map(({ image, detections }) => [image, detections.length]));
}

export async function measuring(): Promise<number> {
  const { metrics } = await evaluateModel({ model: 'model.safetensors', data: 'val.json' });
  check<Equal<typeof metrics.AP, number>>();
  return metrics.AP;
}

export async function training(signal?: AbortSignal): Promise<string> {
  const { model } = await trainDetector(
    { settings: { data: 'my-data', epochs: 3 } },
    {
      signal,
      onEvent: (event) => {
        if (event.type === 'epoch') console.log(event.row['loss'], event.isBest);
      },
    },
  );
  check<Equal<typeof model, string>>();
  return model;
}

export async function classifying(): Promise<string | undefined> {
  const classifier = await loadClassifier('best.safetensors');
  const [best] = await classifier.classify('photo.jpg', { top: 1 });
  return best?.label;
}

export function failing(error: unknown): string {
  if (!(error instanceof MicroYoloError)) throw error;
  switch (error.code) {
    case 'not-found':
      return 'check the path';
    case 'invalid-argument':
      return 'check the options';
    // @ts-expect-error A code that does not exist.
    case 'no-such-code':
      return '';
    default:
      return error.message;
  }
}
