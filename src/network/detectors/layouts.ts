import { microYoloLayout } from './micro-yolo.ts';
import { microYoloBaseLayout } from './micro-yolo-base.ts';
import { microYoloPlusLayout } from './micro-yolo-plus.ts';
import type { TinyDetectorLayout } from './tiny-detector.ts';
import { yolov3TinyLayout } from './yolov3-tiny.ts';

/** Detectors that consist of a table of stages and YOLOv3-tiny's head. A search can vary these. */
export const layouts = {
  'micro-yolo': microYoloLayout,
  'micro-yolo-base': microYoloBaseLayout,
  'micro-yolo-plus': microYoloPlusLayout,
  'yolov3-tiny': yolov3TinyLayout,
} as const satisfies Readonly<Record<string, TinyDetectorLayout>>;
