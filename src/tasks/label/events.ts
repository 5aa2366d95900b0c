import type { ItemEvent, NoteEvent, SkippedEvent, StartedEvent } from '../../foundation/events.ts';
import type { WriteDatasetEvent } from '../datasets/write-dataset.ts';

/** What happens while images are labeled. */
export type LabelDatasetEvent =
  | NoteEvent
  /** Labeling, and after it writing. */
  | (StartedEvent & {
      /** Images of them that an earlier run labeled; missing while the data set is written. */
      readonly done?: number;
      /** What runs the detectors; missing while the data set is written. */
      readonly runtime?: string;
    })
  | (ItemEvent & {
      /** Path of the image; missing while the data set is written. */
      readonly image?: string;
      /** How many objects it has. */
      readonly objects?: number;
    })
  | SkippedEvent
  | Extract<WriteDatasetEvent, { readonly type: 'problem' }>;
