/** The subpaths as users write them; see root.ts. */
import { iou, type XyxyPx, xywhToXyxy } from 'micro-yolo/boxes';
import { type Dataset, findNearDuplicates, loadDataset, splitDataset } from 'micro-yolo/datasets';
import { buildDetector, networkCost } from 'micro-yolo/networks';

export function boxes(): number {
  const left: XyxyPx = xywhToXyxy([0, 0, 10, 10]);
  // @ts-expect-error Left, top, width, height instead of left, top, right, bottom: the formats differ.
  xywhToXyxy(left);
  return iou(left, [5, 5, 15, 15]);
}

export async function data(path: string, seed?: number): Promise<readonly string[]> {
  const dataset: Dataset = await loadDataset(path);
  const groups = await findNearDuplicates(dataset);
  const splits = splitDataset(dataset, { val: 0.2, groups, ...(seed === undefined ? {} : { seed }) });
  return [...splits].map(([name, { images }]) => `${name}: ${images.length}`);
}

export function networks(): number {
  const network = buildDetector('mobilenet-v2:0.5/fpn', { classes: 3 });
  // @ts-expect-error An option that does not exist.
  buildDetector('micro-yolo', { clases: 3 });
  return networkCost(network).macs;
}
