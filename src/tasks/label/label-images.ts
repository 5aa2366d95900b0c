import { fuseBoxes, type VotedBox } from '../../boxes/fuse-boxes.ts';
import { detectMany } from '../../detection/detect-many.ts';
import type { Detector } from '../../detection/detector.ts';
import type { LabelDatasetEvent } from './events.ts';
import type { LabelJournal } from './journal.ts';

/** Maximum number of detections per image. More would be noise. */
const MOST = 300;

/** The union of the detectors' classes. */
export function jointClasses(detectors: readonly Detector[]): readonly string[] {
  return [...new Set(detectors.flatMap(({ model }) => model.classes))];
}

/** Boxes of one image from all detectors, fused, with indices into the joint classes. */
function votesOf(
  results: readonly {
    readonly detections: readonly {
      readonly label: string;
      readonly score: number;
      readonly box: VotedBox['box'];
    }[];
  }[],
  classes: ReadonlyMap<string, number>,
): readonly VotedBox[] {
  const votes = results.map(({ detections }) =>
    detections.map(({ label, score, box }) => ({ classId: classes.get(label)!, score, box })),
  );
  return votes.length === 1 ? votes[0]! : fuseBoxes(votes);
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/**
 * Labels images with a detector, or with several that vote, and adds the labels to the journal.
 * @param images images that the journal does not have yet
 */
export async function labelImages(
  detectors: readonly Detector[],
  images: readonly string[],
  journal: LabelJournal,
  {
    scoreThreshold,
    onEvent,
  }: { readonly scoreThreshold: number; readonly onEvent: (event: LabelDatasetEvent) => void },
): Promise<void> {
  const classes = new Map(jointClasses(detectors).map((name, place) => [name, place]));
  const settings = { scoreThreshold, maxDetections: MOST };
  const streams = detectors.map((detector) => detectMany(detector, images, settings));
  for (const image of images) {
    const found = await Promise.all(streams.map((stream) => stream.next()));
    const results = found.map(({ value }) => value!);
    const failed = results.find(({ error }) => error);
    if (failed) {
      onEvent({ type: 'skipped', image, error: failed.error! });
      continue;
    }
    const [{ width, height }] = results.map(({ result }) => result!) as [{ width: number; height: number }];
    const votes = votesOf(
      results.map(({ result }) => result!),
      classes,
    );
    const boxes = votes
      .filter(({ score }) => score > scoreThreshold)
      .map(
        ({ classId, score, box: [left, top, w, h] }) =>
          [classId, rounded(score, 4), rounded(left, 2), rounded(top, 2), rounded(w, 2), rounded(h, 2)] as [
            number,
            number,
            number,
            number,
            number,
            number,
          ],
      );
    await journal.add({ image, width, height, boxes });
    onEvent({ type: 'item', image, objects: boxes.length });
  }
}
