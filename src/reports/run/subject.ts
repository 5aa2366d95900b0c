import type { Interval } from '../../evaluation/bootstrap/intervals.ts';

/** Metrics of one epoch, by name. */
export type RunRow = Readonly<Record<string, number>>;

/** A picture in a run's report. */
export interface RunPicture {
  readonly title: string;
  /** Data URL of the picture. */
  readonly href: string;
}

/** Contents of a run's report. */
export interface RunSubject {
  readonly name: string;
  readonly state: 'running' | 'finished' | 'no-better' | 'interrupted' | 'failed';
  readonly rows: readonly RunRow[];
  /** Metric by which the best model is chosen: `AP` or `top1`. */
  readonly deciding: string;
  readonly best: { readonly epoch: number; readonly value: number } | undefined;
  /** Interval of the best model's metric, if it was computed. */
  readonly interval?: Interval | undefined;
  /** Settings that differ from the defaults. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly usual: string }[];
  /** Names and values of data, machine and versions. */
  readonly environment: readonly (readonly [name: string, value: string])[];
  readonly batches: readonly RunPicture[];
  readonly samples: readonly RunPicture[];
  readonly notes: readonly string[];
}
