import type { Size } from '../../boxes/formats.ts';
import { xywhToXyxy } from '../../boxes/formats.ts';
import { type Detection, type Detector, loadDetector } from '../../detection/detector.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { DetectOptions } from '../../options/detect.ts';
import type { Teacher, TeacherView } from '../../training/run/run.ts';
import { TEACHER_FLOOR, type TeacherPrediction } from '../../training/teacher/targets.ts';

/** All that it sees, before suppression: of boxes in one place the student's cell takes the best. */
const EVERYTHING: DetectOptions = {
  scoreThreshold: TEACHER_FLOOR,
  iouThreshold: 1,
  multiLabel: true,
  maxDetections: 1000,
};

/** Scores of one box by class as one prediction: its best score is the objectness, the others are shares of it. */
function prediction(found: readonly Detection[], classes: number): TeacherPrediction {
  const objectness = Math.max(...found.map(({ score }) => score));
  const classScores = new Float32Array(classes);
  for (const { classId, score } of found) classScores[classId] = score / objectness;
  return { box: xywhToXyxy(found[0]!.box), objectness, classScores };
}

/** What was found, box by box. */
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

/** The student's pictures one by one, fitted to the teacher's input by its own recipe. */
async function look(detector: Detector, pixels: Uint8Array, size: Size): Promise<TeacherView> {
  const length = 3 * size.width * size.height;
  const predictions: (readonly TeacherPrediction[])[] = [];
  for (let start = 0; start < pixels.length; start += length) {
    const picture = { data: pixels.subarray(start, start + length), ...size };
    const detections = await detector.detect(picture, EVERYTHING);
    predictions.push(predictionsOf(detections, detector.model.classes.length));
  }
  return { predictions, maps: {} };
}

/** A graph that others made as a teacher: it keeps its own input size, and nothing is known of its cells. */
export async function foreignTeacher(
  model: GraphModel,
  threads: number | undefined,
): Promise<Pick<Teacher, 'look' | typeof Symbol.asyncDispose>> {
  const detector = await loadDetector(model, { threads });
  return {
    look: (pixels, size) => look(detector, pixels, size),
    [Symbol.asyncDispose]: () => detector[Symbol.asyncDispose](),
  };
}
