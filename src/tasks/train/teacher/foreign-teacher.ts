import type { Size } from '../../../boxes/formats.ts';
import { xywhToXyxy } from '../../../boxes/formats.ts';
import type { Outputs } from '../../../detection/decoders/decoder.ts';
import { type Detection, type Detector, loadDetector } from '../../../detection/detector.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import type { GraphModel } from '../../../models/graph-model.ts';
import type { DetectOptions } from '../../../options/detect.ts';
import type { TeacherMap } from '../../../training/teacher/hints.ts';
import { TEACHER_FLOOR, type TeacherPrediction } from '../../../training/teacher/targets.ts';
import type { Teacher, TeacherView } from '../../../training/teacher/teacher.ts';
import type { GraphMaps } from './graph-maps.ts';

/** Detection options without suppression. Each cell of the student takes the best box at its place. */
const EVERYTHING: DetectOptions = {
  scoreThreshold: TEACHER_FLOOR,
  iouThreshold: 1,
  multiLabel: true,
  maxDetections: 1000,
};

/** Converts a box's scores to a prediction: the best score is the objectness, and class scores are relative to it. */
function prediction(found: readonly Detection[], classes: number): TeacherPrediction {
  const objectness = Math.max(...found.map(({ score }) => score));
  const classScores = new Float32Array(classes);
  for (const { classId, score } of found) classScores[classId] = score / objectness;
  return { box: xywhToXyxy(found[0]!.box), objectness, classScores };
}

/** Groups detections by box. */
export function predictionsOf(
  detections: readonly Detection[],
  classes: number,
): readonly TeacherPrediction[] {
  const byBox = new Map<string, Detection[]>();
  for (const detection of detections) {
    const key = detection.box.join();
    const same = byBox.get(key);
    if (same) same.push(detection);
    else byBox.set(key, [detection]);
  }
  return [...byBox.values()].map((found) => prediction(found, classes));
}

/** Joins a feature map of all images in a batch. */
function joined(name: string, pictures: readonly Outputs[]): TeacherMap {
  const [, channels, rows, columns] = pictures[0]![name]!.shape as TeacherMap['shape'];
  const length = channels * rows * columns;
  const data = new Float32Array(pictures.length * length);
  for (const [picture, maps] of pictures.entries()) {
    const map = maps[name]!.data;
    if (map.length !== length) {
      throw new MicroYoloError(
        'unsupported',
        `hints: ${name} has ${map.length} numbers for one image and ${length} for another; name another tensor`,
      );
    }
    data.set(map, picture * length);
  }
  return { shape: [pictures.length, channels, rows, columns], data };
}

/** Runs the teacher on the student's images one by one, fitted to the teacher's input by its own recipe. */
async function look(detector: Detector, pixels: Uint8Array, size: Size): Promise<TeacherView> {
  const length = 3 * size.width * size.height;
  const predictions: (readonly TeacherPrediction[])[] = [];
  const maps: Outputs[] = [];
  for (let start = 0; start < pixels.length; start += length) {
    const picture = { data: pixels.subarray(start, start + length), ...size };
    const { detections, features = {} } = await detector.inspect(picture, EVERYTHING);
    predictions.push(predictionsOf(detections, detector.model.classes.length));
    maps.push(features);
  }
  const names = Object.keys(maps[0] ?? {});
  return { predictions, maps: Object.fromEntries(names.map((name) => [name, joined(name, maps)])) };
}

/** A teacher from an imported graph. It keeps its own input size, and the cells of its predictions are unknown. */
export async function foreignTeacher(
  model: GraphModel,
  threads: number | undefined,
  maps: GraphMaps | undefined,
): Promise<Pick<Teacher, 'look' | 'maps' | typeof Symbol.asyncDispose>> {
  const detector = await loadDetector(model, { threads, features: maps?.features });
  return {
    maps: maps?.at,
    look: (pixels, size) => look(detector, pixels, size),
    [Symbol.asyncDispose]: () => detector[Symbol.asyncDispose](),
  };
}
