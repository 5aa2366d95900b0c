import type { ItemEvent, NoteEvent, SkippedEvent, StartedEvent } from '../../foundation/events.ts';
import type { WriteDatasetEvent } from '../datasets/write-dataset.ts';

/** Progress events of labeling. */
export type LabelDatasetEvent =
  | NoteEvent
  /** Sent twice: before labeling, and before writing the data set. */
  | (StartedEvent & {
      /** Number of images that an earlier run labeled. Missing while the data set is written. */
      readonly done?: number;
      /** Runtime of the detectors. Missing while the data set is written. */
      readonly runtime?: string;
    })
  | (ItemEvent & {
      /** Path of the image. Missing while the data set is written. */
      readonly image?: string;
      /** Number of objects in it. */
      readonly objects?: number;
    })
  | SkippedEvent
  | Extract<WriteDatasetEvent, { readonly type: 'problem' }>;
