/**
 * A population of images with a detector whose average precision is known: objects are in separate cells, so that a
 * detection matches its object with a chosen IoU, or none. Images differ in difficulty, so detections in one image are
 * correlated.
 */

import { type AnnotationRow, annotationTable, type Dataset } from '../../src/datasets/dataset.ts';
import { DetectionList } from '../../src/evaluation/detection-list.ts';
import { normalRandom, uniformRandom } from '../../src/foundation/random.ts';

export interface Population {
  readonly classes: number;
  /** Mean number of objects per image; an image has none to four times as many. */
  readonly objects: number;
  /** Mean share of the objects that are detected, 0–1. */
  readonly found: number;
  /** Mean number of false detections per image. */
  readonly noise: number;
}

/** Side of a cell, and cells per row. */
const CELL = 200;
const ROW = 100;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Draws images with truths and detections. */
export function drawImages(population: Population, images: number, seed: number) {
  const random = uniformRandom(seed);
  const normal = normalRandom(random);
  const truths: AnnotationRow[] = [];
  const detections = new DetectionList();
  const poisson = (mean: number) => {
    let [count, product] = [0, random()];
    while (product > Math.exp(-mean)) {
      count++;
      product *= random();
    }
    return count;
  };
  for (let image = 0; image < images; image++) {
    const ease = normal();
    let cell = 0;
    const place = (side: number, iou = 1) => {
      const [left, top] = [(cell % ROW) * CELL, Math.floor(cell / ROW) * CELL];
      return [left, top, side * iou, side] as const;
    };
    const number = poisson(population.objects * (0.25 + 1.5 * random()));
    for (let n = 0; n < number; n++, cell++) {
      const category = Math.floor(random() * population.classes);
      const side = 12 * Math.exp(2.4 * random());
      truths.push({
        id: truths.length + 1,
        image,
        category,
        box: place(side),
        area: side * side,
        crowd: false,
      });
      const logit = Math.log(population.found / (1 - population.found)) + 0.8 * ease + 0.2 * category;
      if (random() > sigmoid(logit)) continue;
      const iou = 0.5 + 0.5 * sigmoid(1 + 0.5 * ease + normal());
      detections.add(image, category, place(side, iou), sigmoid(0.7 + 0.4 * ease + 1.2 * normal()));
    }
    const false_ = poisson(population.noise * Math.exp(-0.3 * ease));
    for (let n = 0; n < false_; n++, cell++) {
      const category = Math.floor(random() * population.classes);
      detections.add(image, category, place(12 * Math.exp(2.4 * random())), sigmoid(-1.2 + 1.2 * normal()));
    }
  }
  const dataset: Dataset = {
    images: Array.from({ length: images }, (_, id) => ({
      id,
      fileName: `${id}.jpg`,
      width: 20_000,
      height: 20_000,
    })),
    categories: Array.from({ length: population.classes }, (_, id) => ({ id, name: `class ${id}` })),
    annotations: annotationTable(truths),
    imageFolder: '',
    extra: {},
  };
  return { dataset, detections };
}
