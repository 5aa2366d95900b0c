import { extname } from 'node:path';
import { sigmoid, visitObjects } from '../../../boxes/decode-heads.ts';
import type { Size } from '../../../boxes/formats.ts';
import type { Dataset } from '../../../datasets/dataset.ts';
import { headOutput } from '../../../detection/decoders/heads.ts';
import { type Detector, loadDetector } from '../../../detection/detector.ts';
import { loadAnyModel, notesOf } from '../../../detection/load-any-model.ts';
import { firstNames, MicroYoloError } from '../../../foundation/errors/errors.ts';
import { option } from '../../../foundation/errors/named-options.ts';
import { isFile } from '../../../foundation/files/folders.ts';
import { defaultWeights } from '../../../models/formats/darknet/read.ts';
import { type AnyModel, isGraphModel } from '../../../models/graph-model.ts';
import { modelFile } from '../../../models/load.ts';
import { describeMatch, matchClasses } from '../../../models/match-classes.ts';
import type { Model } from '../../../models/model.ts';
import { yoloLayers } from '../../../network/detection-outputs.ts';
import type { Network } from '../../../network/layers.ts';
import { networkMaps, type TeacherMap } from '../../../training/teacher/hints.ts';
import { TEACHER_FLOOR, type TeacherPrediction } from '../../../training/teacher/targets.ts';
import type { Teacher, TeacherView } from '../../../training/teacher/teacher.ts';
import { foreignTeacher } from './foreign-teacher.ts';
import { graphMaps, type Student } from './graph-maps.ts';
import { teacherProvenance } from './provenance.ts';

/** All predictions of a detector in images of its input size, before suppression. */
async function look(detector: Detector, network: Network, pixels: Uint8Array): Promise<TeacherView> {
  const { width: inputWidth, height: inputHeight } = detector.input;
  const outputs = await detector.run(pixels);
  const images = pixels.length / (3 * inputWidth * inputHeight);
  const found: TeacherPrediction[][] = Array.from({ length: images }, () => []);
  for (const [output, layer] of yoloLayers(network).entries()) {
    for (let image = 0; image < images; image++) {
      const head = headOutput(layer, outputs[layer.name]!, image);
      const area = head.height * head.width;
      visitObjects(head, { inputWidth, inputHeight }, TEACHER_FLOOR, (object) => {
        const { left, top, right, bottom, objectness, anchor, cell } = object;
        const classScores = new Float32Array(head.classes).map((_, k) =>
          sigmoid(head.data[object.classes + k * area]!),
        );
        found[image]!.push({
          box: [left, top, right, bottom],
          objectness,
          classScores,
          place: { output, anchor, cell },
        });
      });
    }
  }
  return { predictions: found, maps: outputs as unknown as Readonly<Record<string, TeacherMap>> };
}

/** Loads a teacher's model. The weights of a cfg are the named ones, or those beside it. */
async function loadTeacherModel(
  path: string,
  weights: string | null,
  onNote: (message: string) => void,
): Promise<{ readonly model: AnyModel; readonly file: string }> {
  const isDarknet = extname(path).toLowerCase() === '.cfg';
  if (weights !== null && !isDarknet) {
    throw new MicroYoloError(
      'invalid-argument',
      `teacherWeights ${weights}: teacher ${path} contains its own weights; set this option only for a .cfg`,
      { field: 'teacherWeights', received: weights },
    );
  }
  const beside = defaultWeights(path);
  if (isDarknet && weights === null && (await isFile(path)) && !(await isFile(beside))) {
    throw new MicroYoloError(
      'not-found',
      `${beside}: no such file, expected the weights of teacher ${path}; name them with ${option('teacherWeights')}`,
    );
  }
  const loaded = await loadAnyModel(path, weights === null ? {} : { weights });
  for (const note of notesOf(loaded)) onNote(`teacher: ${note}`);
  const { model } = loaded;
  return { model, file: isDarknet ? (weights ?? beside) : await modelFile(path) };
}

/** A teacher from one of this library's models. It takes batches of images of any size. */
function ownTeacher(model: Model, threads: number | undefined, features: readonly string[]) {
  // Only one detector is kept, because a run seldom changes its input size.
  let current: { readonly key: string; readonly detector: Detector } | undefined;
  const at = async (size: Size): Promise<Detector> => {
    const key = `${size.width}x${size.height}`;
    if (current?.key === key) return current.detector;
    await current?.detector[Symbol.asyncDispose]();
    current = { key, detector: await loadDetector(model, { size, threads, features }) };
    return current.detector;
  };
  return {
    network: model.network,
    maps: (input: Size) => networkMaps(model.network, input),
    look: async (pixels: Uint8Array, input: Size) => look(await at(input), model.network, pixels),
    [Symbol.asyncDispose]: async () => current?.detector[Symbol.asyncDispose](),
  };
}

export interface LoadTeacherOptions {
  /** Weights file of a Darknet `.cfg`. @default the one beside the cfg */
  readonly weights?: string | null | undefined;
  /** The network that learns from its maps. @default none; then an imported graph provides no maps */
  readonly student?: Student | undefined;
  /** Called with notes on ignored or missing parts, and on the classes that it teaches. */
  readonly onNote?: ((message: string) => void) | undefined;
}

/**
 * Loads the model that a run learns from. It processes the same images as the student.
 * @param features layers, or tensors of an ONNX file, whose maps it also returns
 * @throws MicroYoloError if the model cannot be used, or knows none of the data's classes
 */
export async function loadTeacher(
  path: string,
  { categories, task }: Dataset,
  threads: number | undefined,
  features: readonly string[] = [],
  { weights = null, student, onNote = () => {} }: LoadTeacherOptions = {},
): Promise<Teacher> {
  if (task === 'classification') {
    throw new MicroYoloError(
      'invalid-argument',
      `teacher ${path}: only detectors can learn from a teacher, and the data has one class per image; leave it out`,
      { field: 'teacher', received: path },
    );
  }
  const { model, file } = await loadTeacherModel(path, weights, onNote);
  if (!isGraphModel(model) && yoloLayers(model.network).length === 0) {
    throw new MicroYoloError(
      'unsupported',
      `teacher ${path}: has no yolo output; choose a detector that has one`,
    );
  }
  const classes = categories.map(({ name }) => name);
  const match = matchClasses(classes, model.classes);
  const classMap = match.places;
  if (classMap.every((place) => place === undefined)) {
    throw new MicroYoloError(
      'invalid-argument',
      `teacher ${path}: has none of the classes ${firstNames(classes)}; choose another`,
      { field: 'teacher', received: path },
    );
  }
  onNote(`teacher: ${describeMatch(match, classes, model.classes, path)}`);
  const provenance = await teacherProvenance(file, model.provenance, onNote);
  const teacher = isGraphModel(model)
    ? await foreignTeacher(model, threads, student && (await graphMaps(model, features, student)))
    : ownTeacher(model, threads, features);
  return { ...teacher, classMap, provenance };
}
