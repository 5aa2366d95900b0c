import { annotationTable, type Dataset } from '../../../src/datasets/dataset.ts';
import { DetectionList } from '../../../src/evaluation/detection-list.ts';

/** The part of a COCO file that evaluation reads. */
export interface CocoFile {
  readonly images: readonly { readonly id: number }[];
  readonly categories: readonly { readonly id: number; readonly name: string }[];
  readonly annotations: readonly {
    readonly id: number;
    readonly image_id: number;
    readonly category_id: number;
    readonly bbox: [number, number, number, number];
    readonly area: number;
    readonly iscrowd: number;
  }[];
}

export interface CocoResult {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly number[];
  readonly score: number;
}

/** A data set from a COCO file in memory; its images are 640×480 and do not exist. */
export function cocoDataset({ images, categories, annotations }: CocoFile): Dataset {
  const place = (list: readonly { id: number }[], id: number) => list.findIndex((entry) => entry.id === id);
  const rows = annotations.map(({ id, image_id, category_id, bbox, area, iscrowd }) => ({
    id,
    image: place(images, image_id),
    category: place(categories, category_id),
    box: bbox,
    area,
    crowd: iscrowd === 1,
  }));
  const records = images.map(({ id }) => ({ id, fileName: `${id}.jpg`, width: 640, height: 480 }));
  return { images: records, categories, annotations: annotationTable(rows), imageFolder: '', extra: {} };
}

export function detectionList(detections: readonly CocoResult[]): DetectionList {
  const list = new DetectionList();
  for (const { image_id, category_id, bbox, score } of detections)
    list.add(image_id, category_id, bbox, score);
  return list;
}
