import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Detector } from '../../src/detection/detector.ts';
import { loadGraphModel, type RecognizedGraph } from '../../src/detection/foreign/load-graph-model.ts';
import { MicroYoloError } from '../../src/foundation/errors/errors.ts';
import { compareDetections, type Difference, type ReferenceDetection, worst } from './compare.ts';

/** The detections of a family's own code: `reference.json`. */
interface Reference {
  readonly family: string;
  readonly source: string;
  readonly recipe: string;
  readonly thresholds: {
    readonly score: number;
    readonly iou?: number | string;
    readonly maxDetections?: number;
  };
  readonly pictures: readonly {
    readonly file: string;
    readonly width: number;
    readonly height: number;
    readonly detections: readonly ReferenceDetection[];
  }[];
}

/** The correct result for a file: `expected.json`. */
interface Expected {
  readonly family: string;
  readonly recognized: true | 'refuse' | 'ambiguous';
  /** The family to request if the file does not identify it. */
  readonly as?: string;
}

/** The result for a file, and the distance of its detections from the reference's. */
export interface Outcome {
  readonly name: string;
  /** The reference's name for it. */
  readonly family: string;
  /** Number of the reference's detections. */
  readonly source: string;
  readonly expected: Expected['recognized'];
  readonly outcome: 'recognized' | 'ambiguous' | 'refused';
  /** The family, recognized or requested. */
  readonly title?: string;
  /** The evidence for it, or the reason for refusal. */
  readonly message: string;
  readonly detections?: number;
  readonly difference?: Difference;
}

async function json<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Runs a recognized graph on the reference's images. */
async function compareWith(
  { source, recipe: description, thresholds, pictures }: Reference,
  { model }: RecognizedGraph,
  folder: string,
): Promise<Difference> {
  const { score, iou, maxDetections } = thresholds;
  // A twin's images are resampled as OpenCV does, whatever its family uses.
  const isTwin = source.startsWith('twins') && /INTER_LINEAR/.test(description);
  const recipe = isTwin ? { ...model.recipe, resampling: 'bilinear' as const } : model.recipe;
  await using detector = await Detector.create({ ...model, recipe });
  const differences: Difference[] = [];
  for (const { file, width, height, detections: expected } of pictures) {
    const found = await detector.detect(join(folder, file), {
      scoreThreshold: score,
      maxDetections: maxDetections ?? 300,
      clip: false,
      ...(typeof iou === 'number' ? { iouThreshold: iou } : {}),
    });
    const isFull = expected.length === maxDetections;
    const threshold = isFull ? expected.at(-1)!.score + 0.02 : score;
    differences.push(compareDetections(found, expected, { width, height }, threshold));
  }
  return worst(differences);
}

/**
 * Reads one case: `model.onnx`, `expected.json` and, if its detections are compared, `reference.json`, with
 * the images in the sibling folder `pictures/`.
 */
export async function runCase(folder: string, name: string): Promise<Outcome> {
  const reference = await json<Reference>(join(folder, 'reference.json'));
  const {
    family,
    recognized: expected,
    as,
  } = (await json<Expected>(join(folder, 'expected.json'))) ?? {
    family: reference?.family ?? '',
    recognized: true,
  };
  const common = { name, family, source: reference?.source ?? '', expected };
  const path = join(folder, 'model.onnx');
  const bare = (message: string) => message.replaceAll(`${folder}/`, '').replaceAll(dirname(folder), '…');
  let outcome: Outcome['outcome'] = 'recognized';
  let message = '';
  let graph: RecognizedGraph;
  try {
    graph = await loadGraphModel(path);
    message = graph.evidence;
  } catch (error) {
    if (!(error instanceof MicroYoloError)) throw error;
    outcome = error.message.includes('`as: ') ? 'ambiguous' : 'refused';
    message = bare(error.message);
    if (outcome === 'refused' || as === undefined) return { ...common, outcome, message };
    graph = await loadGraphModel(path, { as });
  }
  const { title } = graph;
  if (!reference) return { ...common, outcome, title, message };
  const detections = reference.pictures.reduce((sum, picture) => sum + picture.detections.length, 0);
  const difference = await compareWith(reference, graph, join(dirname(folder), 'pictures'));
  return { ...common, outcome, title, message, detections, difference };
}
