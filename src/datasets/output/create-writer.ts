import { cocoWriter } from '../formats/coco/writer.ts';
import { darknetWriter } from '../formats/darknet/writer.ts';
import type { VocBoxes } from '../formats/voc/boxes.ts';
import { vocWriter } from '../formats/voc/writer.ts';
import { yoloWriter } from '../formats/yolo/writer.ts';
import type { DatasetFormat } from '../source.ts';
import type { DatasetWriter } from './writer.ts';

/** A writer of a format into a folder, which must be there and empty. */
export function createWriter(format: DatasetFormat, out: string, vocBoxes: VocBoxes): DatasetWriter {
  switch (format) {
    case 'coco':
      return cocoWriter(out);
    case 'voc':
      return vocWriter(out, vocBoxes);
    case 'yolo':
      return yoloWriter(out);
    case 'darknet':
      return darknetWriter(out);
  }
}
