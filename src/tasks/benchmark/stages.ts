import { suppress } from '../../boxes/nms/suppress.ts';
import type { Detector } from '../../detection/detector.ts';
import { settingsOf } from '../../detection/options.ts';
import { detectionsOf, readCandidates } from '../../detection/read-boxes.ts';
import { toOriginal } from '../../image/letterbox.ts';
import { decodeForInput, fitToInput } from '../../image/prepare.ts';
import type { Model } from '../../models/model.ts';
import { checkOneImage, type ImageNetwork } from '../../models/running/image-network.ts';

/** A part of a run. */
export type Stage = 'decode' | 'resize' | 'network' | 'decoding' | 'nms';

/** The parts of a run, in their order. Those of boxes are missing for a classifier. */
export const STAGES: readonly Stage[] = ['decode', 'resize', 'network', 'decoding', 'nms'];

/** Milliseconds that each part of a run took. */
export type StageTimes = Readonly<Partial<Record<Stage, number>>>;

/** A clock that tells the time since it was last read, in milliseconds. */
function lapTimer(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const lap = now - last;
    last = now;
    return lap;
  };
}

/** Finds objects in the same photo a few times at once, and times each part. */
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

/** Classifies the same photo a few times at once, and times each part. */
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
