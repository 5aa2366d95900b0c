import { categoryOutcomes } from '../category-outcomes.ts';
import { COCO_DEFAULTS } from '../coco/coco-settings.ts';
import { OUTCOME } from '../matching.ts';
import type { EvaluationInput } from '../tables.ts';

/** Contribution of a matched detection to a curve. */
export const MATCHED = { hit: 0, hitFromOutside: 1, ignored: 2 } as const;

/** Matched detections of one category, area range and threshold, best first, in columns. */
export interface Matches {
  /** Index among the category's detections, best first. */
  readonly places: Int32Array;
  /** Index of the image, from 0. */
  readonly images: Int32Array;
  /** Rank within the image, from 0. */
  readonly ranks: Int32Array;
  /** One of `MATCHED`. */
  readonly kinds: Uint8Array;
}

/** A category's detections, already matched and sorted. */
export interface PreparedCategory {
  /**
   * For each area range: image of each detection, best first, up to the last matched detection. −1 for detections
   * outside the range.
   */
  readonly images: readonly Int32Array[];
  /** Matches, [area range][IoU threshold]. */
  readonly matches: readonly (readonly Matches[])[];
  /** For each area range: truths that count, by image. */
  readonly truths: readonly {
    /** Indices of the images with such truths. */
    readonly images: Int32Array;
    /** Number of such truths in each of these images, 1 or more. */
    readonly counts: Int32Array;
  }[];
}

/** A prepared evaluation, which is fast to repeat with other image weights. */
export interface PreparedEvaluation {
  /** Number of images. */
  readonly images: number;
  /** Categories with their matched and sorted detections. */
  readonly categories: readonly PreparedCategory[];
}

interface Found {
  readonly order: Int32Array;
  readonly outcomes: Uint8Array;
  readonly images: Int32Array;
  readonly ranks: Int32Array;
  readonly isInside: Uint8Array;
}

function matchesOf({ order, outcomes, images, ranks, isInside }: Found): Matches {
  const places: number[] = [];
  const kinds: number[] = [];
  for (let place = 0; place < order.length; place++) {
    const at = order[place]!;
    if (outcomes[at] === OUTCOME.truePositive) {
      places.push(place);
      kinds.push(isInside[at] ? MATCHED.hit : MATCHED.hitFromOutside);
    } else if (outcomes[at] === OUTCOME.ignored && isInside[at]) {
      places.push(place);
      kinds.push(MATCHED.ignored);
    }
  }
  return {
    places: Int32Array.from(places),
    images: Int32Array.from(places, (place) => images[order[place]!]!),
    ranks: Int32Array.from(places, (place) => ranks[order[place]!]!),
    kinds: Uint8Array.from(kinds),
  };
}

/**
 * Does the matching and sorting that all resamples share. An unmatched detection is false, or outside the area range,
 * at every threshold. Its weight is therefore counted once for all thresholds, and only matched detections are visited
 * per threshold.
 */
export function prepareEvaluation(input: EvaluationInput): PreparedEvaluation {
  const { boxes } = input.detections;
  const { areaRanges, iouThresholds } = COCO_DEFAULTS;
  const categories: PreparedCategory[] = [];
  for (const { outcomes } of categoryOutcomes(input, COCO_DEFAULTS)) {
    const order = outcomes.order();
    const { rows, images, ranks, imagePositives } = outcomes;
    const prepared = areaRanges.map(({ least, most }, area) => {
      const isInside = Uint8Array.from(rows, (row) => {
        const size = boxes[4 * row + 2]! * boxes[4 * row + 3]!;
        return size < least || size > most ? 0 : 1;
      });
      const matches = iouThresholds.map((_, threshold) =>
        matchesOf({ order, outcomes: outcomes.outcomes(area, threshold), images, ranks, isInside }),
      );
      const length = 1 + Math.max(-1, ...matches.map(({ places }) => places.at(-1) ?? -1));
      const counted = imagePositives.filter(({ positives }) => positives[area]! > 0);
      return {
        images: order.slice(0, length).map((at) => (isInside[at] ? images[at]! : -1)),
        matches,
        truths: {
          images: Int32Array.from(counted, ({ image }) => image),
          counts: Int32Array.from(counted, ({ positives }) => positives[area]!),
        },
      };
    });
    categories.push({
      images: prepared.map(({ images }) => images),
      matches: prepared.map(({ matches }) => matches),
      truths: prepared.map(({ truths }) => truths),
    });
  }
  return { images: input.imageIds.length, categories };
}
