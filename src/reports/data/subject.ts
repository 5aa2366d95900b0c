import type { AnchorFit, BoxSize } from '../../anchors/anchor-fit.ts';
import type { Size } from '../../boxes/formats.ts';
import type { NearPair } from '../../datasets/check/near-duplicates.ts';
import type { Dataset } from '../../datasets/dataset.ts';

/** Count of the values from `from` up to but not including `to`. `to` is null if there is no upper end. */
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

/** An input size, and the share of objects that are large enough to be found at that size. */
export interface SizeChoice {
  /** Side of the square input, in pixels. */
  readonly side: number;
  /** Share of the boxes whose shorter side is at least eight pixels, 0–1. */
  readonly visible: number;
}

/** A split in a data report. */
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

/** Contents of a data report. */
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
  /** The smallest side at which 90 % of the objects are visible, or else the largest side. */
  readonly recommended: number;
  /** Undefined if not searched. */
  readonly nearPairs: readonly NearPair[] | undefined;
}
