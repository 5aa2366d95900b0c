import type { AnchorFit, BoxSize } from '../../anchors/anchor-fit.ts';
import type { Size } from '../../boxes/formats.ts';
import type { NearPair } from '../../datasets/check/near-duplicates.ts';
import type { Dataset } from '../../datasets/dataset.ts';

/** Numbers from `from` up to but not `to`; null without an end. */
export interface CountedRange {
  readonly from: number;
  readonly to: number | null;
  readonly count: number;
}

/** How well anchors fit at an input size. */
export interface FittedAnchors extends AnchorFit {
  readonly name: string;
  readonly anchors: readonly BoxSize[];
  readonly input: Size;
}

/** An input size, and how many objects are large enough there to be found. */
export interface SizeChoice {
  /** Side of the square input, in pixels. */
  readonly side: number;
  /** Share of the boxes whose shorter side is at least eight pixels, 0–1. */
  readonly visible: number;
}

/** A split of the data that a page shows. */
export interface SplitSubject {
  readonly name: string;
  readonly dataset: Dataset;
  readonly images: number;
  readonly annotations: number;
  readonly crowds: number;
  readonly background: number;
  readonly classes: readonly { readonly name: string; readonly boxes: number; readonly images: number }[];
  readonly sides: readonly CountedRange[];
  readonly aspects: readonly CountedRange[];
}

/** All that a page says of data. */
export interface DataSubject {
  readonly name: string;
  readonly splits: readonly SplitSubject[];
  readonly findings: readonly {
    readonly severity: string;
    readonly title: string;
    readonly count: number;
    readonly places: readonly string[];
  }[];
  readonly anchors: readonly FittedAnchors[];
  readonly sizes: readonly SizeChoice[];
  /** The smallest size at which nine of ten objects are visible, or the largest looked at. */
  readonly recommended: number;
  /** Undefined if nobody looked. */
  readonly nearPairs: readonly NearPair[] | undefined;
}
