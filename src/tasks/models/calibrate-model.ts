import { basename } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { readCoco } from '../../datasets/formats/coco/read.ts';
import { type Detection, Detector } from '../../detection/detector.ts';
import { candidateGraphModels, type GraphModelOptions } from '../../detection/foreign/load-graph-model.ts';
import { mapClasses } from '../../evaluation/class-mapping.ts';
import { evaluateCoco } from '../../evaluation/coco/coco-eval.ts';
import { cocoMetrics } from '../../evaluation/coco/coco-metrics.ts';
import { DetectionList } from '../../evaluation/detection-list.ts';
import { evaluationInput } from '../../evaluation/input.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { isOwn, type Reading, readingsOf } from './readings.ts';

/** Options for calibrating. */
export interface CalibrateOptions extends Omit<GraphModelOptions, 'decoder'> {
  /** An `.onnx` file. */
  readonly model: string;
  /** A photo with several objects of its classes. */
  readonly photo: string;
  /** COCO JSON with the photo's true boxes: of the image with the photo's file name, or of its only image. */
  readonly truth: string;
}

/** One way to decode a graph, and how well it finds the true boxes. */
export interface CalibrationTrial {
  /** Family, color order and normalization: `YOLOX, BGR, 0–255`. */
  readonly reading: string;
  /** COCO's AP on the photo, 0–1. */
  readonly averagePrecision: number;
}

/** Result of calibrating. */
export interface Calibration {
  /** The model, with the family and recipe that won. */
  readonly model: GraphModel;
  /** All trials, best first. The first is the model's. */
  readonly trials: readonly CalibrationTrial[];
  /** Notes, one line each. */
  readonly notes: readonly string[];
}

/** AP by which a family must beat the others. On one photo, less may be chance. */
const LEAST_WIN = 0.05;
/** AP by which another color order or normalization must beat the family's own. */
const LEAST_CHANGE = 0.1;
/** Smallest AP that the best interpretation must reach. */
const LEAST_AP = 0.1;
/** Score threshold for the trials, 0–1. */
const SCORE_THRESHOLD = 0.01;

interface Trial extends Reading {
  /** COCO's AP, 0–1. */
  readonly ap: number;
}

/** The part of a data set that belongs to the photo. */
function onePhoto(dataset: Dataset, { photo, truth }: CalibrateOptions): Dataset {
  const { images, annotations } = dataset;
  const named = images.findIndex(({ fileName }) => basename(fileName) === basename(photo));
  const place = named < 0 && images.length === 1 ? 0 : named;
  const rows = Array.from(annotations.images.keys()).filter((row) => annotations.images[row] === place);
  if (place < 0 || rows.length === 0) {
    throw new MicroYoloError(
      'invalid-argument',
      `truth ${truth}: has no boxes of ${basename(photo)}; label that photo, or pass one that is labeled`,
      { field: 'truth', received: truth },
    );
  }
  const column = <T extends Float64Array | Int32Array | Uint8Array>(of: T): T =>
    of.filter((_, row) => annotations.images[row] === place) as T;
  return {
    ...dataset,
    images: [images[place]!],
    annotations: {
      ...annotations,
      count: rows.length,
      ids: column(annotations.ids),
      images: new Int32Array(rows.length),
      categories: column(annotations.categories),
      boxes: annotations.boxes.filter((_, side) => annotations.images[side >> 2] === place),
      areas: column(annotations.areas),
      crowd: column(annotations.crowd),
      extraOf: (row) => annotations.extraOf(rows[row]!),
    },
  };
}

function averagePrecision(found: readonly Detection[], truth: Dataset, classes: readonly string[]): number {
  const { categoryIds } = mapClasses(classes, truth.categories);
  const list = new DetectionList();
  for (const { box, score, classId } of found) {
    const category = categoryIds[classId];
    if (category !== undefined) list.add(truth.images[0]!.id, category, box, score);
  }
  return Math.max(0, cocoMetrics(evaluateCoco(evaluationInput(truth, list))).AP);
}

/** Chooses among one family's trials, best first: its own recipe, unless another one is far better. */
function choose(trials: readonly Trial[]): Trial {
  const [best] = trials;
  const own = trials.find(isOwn) ?? best!;
  return best!.ap - own.ap >= LEAST_CHANGE ? best! : own;
}

/** Describes the margin between the chosen reading and the next one. */
function comparison(chosen: Trial, next: Trial | undefined): string {
  if (next === undefined) return 'the only interpretation that fits';
  const win = chosen.ap - next.ap;
  return win >= 0
    ? `wins by ${win.toFixed(3)} over ${next.name}`
    : `its family's own, because one photo may favor ${next.name} by ${(-win).toFixed(3)} by chance`;
}

/**
 * Uses the true boxes of one photo to find out how to decode a graph. Tries each family that fits, and each color order
 * and normalization that the file does not state.
 * @throws MicroYoloError `unsupported` if no interpretation finds the boxes, or the best one wins by too little
 */
export async function calibrateModel(options: CalibrateOptions): Promise<Calibration> {
  const { model: path, photo } = options;
  const truth = onePhoto(await readCoco(options.truth), options);
  const readings = (await candidateGraphModels(path, options)).flatMap(readingsOf);
  const trials: Trial[] = [];
  for (const reading of readings) {
    await using detector = await Detector.create(reading.model);
    const found = await detector.detect(photo, { scoreThreshold: SCORE_THRESHOLD });
    trials.push({ ...reading, ap: averagePrecision(found, truth, reading.model.classes) });
  }
  trials.sort((a, b) => b.ap - a.ap);
  const [best, second] = [...new Set(trials.map(({ candidate }) => candidate))]
    .map((candidate) => choose(trials.filter((trial) => trial.candidate === candidate)))
    .sort((a, b) => b.ap - a.ap);
  const said = trials.slice(0, 3).map(({ name, ap }) => `${name}: AP ${ap.toFixed(3)}`);
  if (best!.ap < LEAST_AP) {
    throw new MicroYoloError(
      'unsupported',
      `${path}: no interpretation finds the boxes of ${photo} (${said.join('; ')}); check the class names, or write a decoder (docs/foreign-detectors.md)`,
    );
  }
  if (second && best!.ap - second.ap < LEAST_WIN) {
    throw new MicroYoloError(
      'unsupported',
      `${path}: ${photo} does not decide (${said.join('; ')}); pass a photo with more objects, or set the family: ${optionValues({ as: best!.model.decoder.family })}`,
    );
  }
  const verdict = `${path}: ${best!.name}, AP ${best!.ap.toFixed(3)} on ${photo}`;
  return {
    model: best!.model,
    trials: trials.map(({ name, ap }) => ({ reading: name, averagePrecision: ap })),
    notes: [
      `${verdict}; ${comparison(
        best!,
        trials.find((trial) => trial !== best),
      )}`,
      ...best!.candidate.notes,
    ],
  };
}
