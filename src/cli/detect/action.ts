import * as z from 'zod';
import { printable } from '../../foundation/errors/errors.ts';
import { splitOptions } from '../../foundation/errors/option-row.ts';
import { median } from '../../foundation/timing/median.ts';
import { DETECT_OPTIONS, type DetectOptions } from '../../options/detect.ts';
import { DETECTOR_FLAGS } from '../../options/loading.ts';
import {
  type DetectFilesEvent,
  type DetectFilesOptions,
  detectFiles,
  type ImageDetections,
} from '../../tasks/detect/detect-files.ts';
import { type ChosenDefault, chooseDefaultModel } from '../../tasks/models/default-model.ts';
import { imageInputs } from '../flags/image-inputs.ts';
import { localModel } from '../flags/local-model.ts';
import { PICTURES_FOLDER } from '../flags/pictures-folder.ts';
import { readFlags } from '../flags/read-table.ts';
import { flagsOfTable } from '../flags/table-flags.ts';
import { ImageProgress } from '../terminal/image-progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const TABLE = { ...DETECTOR_FLAGS, ...DETECT_OPTIONS };
type Flags = Pick<DetectFilesOptions, keyof typeof DETECTOR_FLAGS> & DetectOptions;

const OWN = {
  model: z.string(),
  out: z.string().optional(),
  list: z.string().optional(),
  json: z.boolean().default(false),
};

const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const px = (value: number) => value.toFixed(1);

function timingLine(results: readonly ImageDetections[], loading: number): string {
  const part = (of: (result: ImageDetections) => number) => ms(median(results.map(of)));
  const each = results.length > 1 ? ' (medians an image)' : '';
  return [
    `model and start ${ms(loading)}`,
    `decode ${part(({ timings }) => timings.decode)}`,
    `network ${part(({ timings }) => timings.network)}`,
    `boxes ${part(({ timings }) => timings.boxes)}`,
    `drawing ${part(({ drawing }) => drawing)}${each}`,
  ].join(' · ');
}

function printOne({ image, detections, width, height, picture }: ImageDetections): void {
  console.log(
    `${printable(image)} (${width}×${height}): ${detections.length} ${detections.length === 1 ? 'detection' : 'detections'}`,
  );
  if (detections.length > 0) {
    const columns = [
      { title: 'label' },
      ...['score', 'left', 'top', 'width', 'height'].map((title) => ({ title, align: 'right' as const })),
    ];
    const rows = detections.map(({ label, score, box }) => [label, score.toFixed(3), ...box.map(px)]);
    console.log(formatTable(columns, rows));
  }
  if (picture !== undefined) console.log(`drawn in ${picture}`);
}

function printMany(results: readonly ImageDetections[], out: string): void {
  const labels = new Map<string, { detections: number; images: number }>();
  for (const { detections } of results) {
    for (const label of new Set(detections.map((detection) => detection.label))) {
      const before = labels.get(label) ?? { detections: 0, images: 0 };
      const found = detections.filter((detection) => detection.label === label).length;
      labels.set(label, { detections: before.detections + found, images: before.images + 1 });
    }
  }
  const rows = [...labels]
    .sort(([, a], [, b]) => b.detections - a.detections)
    .map(([label, { detections, images }]) => [label, String(detections), String(images)]);
  const numbers = ['detections', 'images'].map((title) => ({ title, align: 'right' as const }));
  if (rows.length > 0) console.log(formatTable([{ title: 'label' }, ...numbers], rows));
  else console.log('no detections');
  console.log(`${results.length} images drawn in ${out}`);
}

function toJson(results: readonly ImageDetections[]): string {
  return JSON.stringify(
    results.map(({ image, width, height, detections }) => ({ image, width, height, detections })),
    null,
    2,
  );
}

/** The flags that tell which model runs, or how: then it is the usual one. */
const OF_MODEL = ['--model', ...flagsOfTable(DETECTOR_FLAGS).filter((flag) => flag !== '--threads')];

/**
 * Runs `detect` and prints what it found. Returns the exit code.
 * @param given flags that the user gave: a model that is named is always the one named
 */
export async function runDetect(
  images: readonly string[],
  raw: Record<string, unknown>,
  given: readonly string[],
): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(TABLE, OWN, raw);
  const { out, list, json } = own;
  const [detect, loading] = splitOptions(options, DETECT_OPTIONS);
  const isOpen = !given.some((flag) => OF_MODEL.includes(flag));
  const { model, note }: ChosenDefault = isOpen
    ? await chooseDefaultModel({ threads: loading.threads })
    : { model: own.model };
  if (!json && note !== undefined) console.log(`model: ${note}`);
  const folder = out ?? (json ? undefined : PICTURES_FOLDER);
  const progress = new ImageProgress();
  let [started, runtime] = [0, ''];
  const onEvent = (event: DetectFilesEvent) => {
    if (event.type === 'started') {
      started = event.loading;
      runtime = event.runtime;
      if (event.images > 1) progress.start(event.images);
    } else if (event.type === 'detected') progress.step();
    else if (event.type === 'note') progress.note(event.message);
    else if (event.type === 'torn') progress.doubt(event.image, event.message);
    else progress.skip(event.error);
  };
  let results: readonly ImageDetections[];
  try {
    results = await detectFiles(
      {
        images: await imageInputs(images, list),
        except: [PICTURES_FOLDER],
        ...loading,
        model: await localModel(model),
        detect,
        out: folder,
      },
      { onEvent },
    );
  } finally {
    progress.stop();
  }
  if (!json && results.length > 0) console.log(printable(runtime));
  if (json) console.log(toJson(results));
  else if (results.length === 1 && progress.skipped === 0) printOne(results[0]!);
  else if (results.length > 0) printMany(results, folder ?? '');
  if (!json && results.length > 0) console.log(timingLine(results, started));
  if (progress.skipped + progress.doubted === 0) return EXIT.done;
  return results.length > 0 ? EXIT.skipped : EXIT.failed;
}
