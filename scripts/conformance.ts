/**
 * Compares what foreign detectors find here with what their families' own code finds.
 *
 *     npx tsx scripts/conformance.ts CASES [--write results/conformance.json]
 *
 * CASES is a folder of cases as `scripts/goldens/foreign/` makes them: `model.onnx`, `expected.json`,
 * `reference.json`, with pictures in `pictures/` beside them.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type XyxyPx, xywhToXyxy } from '../src/boxes/formats.ts';
import { iou } from '../src/boxes/iou.ts';
import { writeWholeFile } from '../src/files.ts';
import { loadGraphModel } from '../src/foreign/load-graph-model.ts';
import { type Detection, Detector } from '../src/inference/detector.ts';

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
    readonly detections: readonly { readonly box: XyxyPx; readonly score: number; readonly class: number }[];
  }[];
}

interface Expected {
  readonly recognized: true | 'refuse' | 'ambiguous';
  readonly names?: readonly string[];
}

interface Outcome {
  readonly name: string;
  readonly family: string;
  readonly outcome: string;
  readonly detections?: number;
  /** Not found here, or found beside the reference's. */
  readonly unmatched?: number;
  /** In pixels of the picture. */
  readonly boxDifference?: number;
  readonly scoreDifference?: number;
}

/** How near to a threshold a score may be to be on either side of it. */
const EDGE = 2e-3;

/** Pairs each of the reference's boxes with ours of the nearest place and score. */
function compare(
  found: readonly Detection[],
  expected: Reference['pictures'][number]['detections'],
  threshold: number,
) {
  const left = new Set(found);
  const open = new Set(
    // Beside the picture: other code keeps what is left of it, nothing.
    expected.filter(({ box }) => box[2] > box[0] && box[3] > box[1]),
  );
  let [boxDifference, scoreDifference, unmatched] = [0, 0, 0];
  const pairs = [...open].flatMap((reference) =>
    found.map((detection) => {
      const own = xywhToXyxy(detection.box);
      const distance = Math.max(...own.map((side, i) => Math.abs(side - reference.box[i]!)));
      const scores = Math.abs(detection.score - reference.score);
      return { reference, detection, distance, scores, overlap: iou(own, reference.box) };
    }),
  );
  const near = pairs.filter(
    ({ distance, scores, overlap }) => scores < 0.05 && (distance < 4 || overlap > 0.8),
  );
  near.sort((a, b) => a.distance + 100 * a.scores - (b.distance + 100 * b.scores));
  for (const { reference, detection, distance, scores } of near) {
    if (!open.has(reference) || !left.has(detection)) continue;
    open.delete(reference);
    left.delete(detection);
    boxDifference = Math.max(boxDifference, distance);
    scoreDifference = Math.max(scoreDifference, scores);
  }
  for (const { score } of open) if (score > threshold + EDGE) unmatched++;
  for (const { score } of left) if (score > threshold + EDGE) unmatched++;
  return { boxDifference, scoreDifference, unmatched };
}

async function tryCase(cases: string, name: string): Promise<Outcome> {
  const folder = join(cases, name);
  const json = async <T>(file: string) => JSON.parse(await readFile(join(folder, file), 'utf8')) as T;
  const { recognized } = await json<Expected>('expected.json').catch(() => ({ recognized: 'unknown' }));
  const reference = await json<Reference>('reference.json').catch(() => undefined);
  const family = reference?.family ?? '';
  try {
    const { model, title, evidence } = await loadGraphModel(join(folder, 'model.onnx'));
    if (!reference) return { name, family, outcome: `${title}, by ${evidence} (expected ${recognized})` };
    const { score, iou: overlap, maxDetections } = reference.thresholds;
    // A twin's pictures are resampled as OpenCV does, whatever its family uses.
    const isTwin = reference.source.startsWith('twins') && /INTER_LINEAR/.test(reference.recipe);
    const recipe = isTwin ? { ...model.recipe, resampling: 'bilinear' as const } : model.recipe;
    await using detector = await Detector.create({ ...model, recipe });
    let [boxDifference, scoreDifference, unmatched, detections] = [0, 0, 0, 0];
    for (const { file, detections: expected } of reference.pictures) {
      // Some families cut boxes at the picture's edges, and some do not.
      const isCut = expected.every(({ box }) => Math.min(...box) >= 0);
      const found = await detector.detect(join(cases, 'pictures', file), {
        scoreThreshold: score,
        maxDetections: maxDetections ?? 300,
        clip: isCut,
        ...(typeof overlap === 'number' ? { iouThreshold: overlap } : {}),
      });
      const isFull = expected.length === maxDetections;
      const picture = compare(found, expected, isFull ? expected.at(-1)!.score + 0.02 : score);
      boxDifference = Math.max(boxDifference, picture.boxDifference);
      scoreDifference = Math.max(scoreDifference, picture.scoreDifference);
      unmatched += picture.unmatched;
      detections += expected.length;
    }
    return { name, family, outcome: title, detections, unmatched, boxDifference, scoreDifference };
  } catch (error) {
    return {
      name,
      family,
      outcome: `${error instanceof Error ? error.message : error} (expected ${recognized})`,
    };
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'string' }, only: { type: 'string' } },
});
const [cases] = positionals;
if (cases === undefined) throw new Error('usage: conformance.ts CASES [--write FILE]');
const entries = await readdir(cases, { withFileTypes: true });
const names = entries
  .filter((entry) => entry.isDirectory() && entry.name !== 'pictures')
  .map(({ name }) => name);
const outcomes: Outcome[] = [];
for (const name of names.sort()) {
  if (values.only !== undefined && !new RegExp(values.only).test(name)) continue;
  const outcome = await tryCase(cases, name);
  outcomes.push(outcome);
  const { boxDifference, scoreDifference, unmatched, detections } = outcome;
  const figures =
    boxDifference === undefined
      ? ''
      : `${detections} detections, ${unmatched} unmatched, box ${boxDifference.toFixed(3)} px, score ${scoreDifference!.toExponential(1)}`;
  console.log(`${name} | ${figures} | ${outcome.outcome}`);
}
if (values.write !== undefined)
  await writeWholeFile(values.write, [`${JSON.stringify(outcomes, null, 2)}\n`]);
