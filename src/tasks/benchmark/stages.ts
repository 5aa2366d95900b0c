import { suppress } from '../../boxes/nms/suppress.ts';
import type { Detector } from '../../detection/detector.ts';
import { settingsOf } from '../../detection/options.ts';
import { detectionsOf, readCandidates } from '../../detection/read-boxes.ts';
import { toOriginal } from '../../image/letterbox.ts';
import { decodeForInput, fitToInput } from '../../image/prepare.ts';
import type { Model } from '../../models/model.ts';
import { checkOneImage, type ImageNetwork } from '../../models/running/image-network.ts';

/** A stage of a run. */
export type Stage = 'decode' | 'resize' | 'network' | 'decoding' | 'nms';

/** The stages of a run, in order. A classifier has no `decoding` and `nms`. */
export const STAGES: readonly Stage[] = ['decode', 'resize', 'network', 'decoding', 'nms'];

/** Milliseconds of each stage. */
export type StageTimes = Readonly<Partial<Record<Stage, number>>>;

/** Returns a function that returns the milliseconds since its last call. */
function lapTimer(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const lap = now - last;
    last = now;
    return lap;
  };
}

/** Detects objects in a batch of copies of a photo, and times each stage. */
export async function timeDetection(
  detector: Detector,
  photo: Uint8Array,
  batch: number,
): Promise<StageTimes> {
  const { model, input, decoder } = detector;
  const settings = settingsOf({}, decoder);
  const lap = lapTimer();
  const decoded = [];
  for (let i = 0; i < batch; i++) decoded.push(await decodeForInput(photo, model.recipe, input));
  const decode = lap();
  const prepared = decoded.map((image) => fitToInput(image, model.recipe, input));
  const resize = lap();
  const { runs } = await detector.runsOf(prepared);
  const network = lap();
  const candidates = runs.map(({ outputs }, index) =>
    readCandidates(outputs, prepared[index]!, decoder, model.classes, settings),
  );
  const decoding = lap();
  for (const [index, found] of candidates.entries()) {
    const { nms, iouThreshold, maxDetections, scoreThreshold } = settings;
    const kept = suppress(found, nms, { iouThreshold, maxDetections, scoreThreshold });
    const { placement } = prepared[index]!;
    detectionsOf(kept, model.classes, (box) => toOriginal(box, placement), placement.original);
  }
  return { decode, resize, network, decoding, nms: lap() };
}

/** Classifies a batch of copies of a photo, and times each stage. */
export async function timeClassification(
  network: ImageNetwork,
  { recipe }: Pick<Model, 'recipe'>,
  photo: Uint8Array,
  batch: number,
): Promise<StageTimes> {
  const { input } = network;
  const lap = lapTimer();
  const decoded = [];
  for (let i = 0; i < batch; i++) decoded.push(await decodeForInput(photo, recipe, input));
  const decode = lap();
  const pixels = decoded.map((image) => fitToInput(image, recipe, input).pixels);
  for (const one of pixels) checkOneImage(one, input);
  const resize = lap();
  await network.run(Uint8Array.from(Buffer.concat(pixels)));
  return { decode, resize, network: lap() };
}
