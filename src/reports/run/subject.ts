import type { Interval } from '../../evaluation/bootstrap/intervals.ts';

/** Figures of one epoch by name, as a run notes them. */
export type RunRow = Readonly<Record<string, number>>;

/** A picture of a run that a page shows. */
export interface RunPicture {
  readonly title: string;
  /** A data address. */
  readonly href: string;
}

/** All that a page says of a run. */
export interface RunSubject {
  readonly name: string;
  readonly state: 'running' | 'finished' | 'no-better' | 'interrupted' | 'failed';
  readonly rows: readonly RunRow[];
  /** Name of the figure that decides which model is the best: `AP`, or `top1`. */
  readonly deciding: string;
  readonly best: { readonly epoch: number; readonly value: number } | undefined;
  /** Of the best model's figure, if it was evaluated. */
  readonly interval?: Interval | undefined;
  /** Settings that differ from the defaults. */
  readonly settings: readonly { readonly name: string; readonly value: string; readonly usual: string }[];
  /** Name and value each: data, machine, versions. */
  readonly environment: readonly (readonly [name: string, value: string])[];
  readonly batches: readonly RunPicture[];
  readonly samples: readonly RunPicture[];
  readonly notes: readonly string[];
}
