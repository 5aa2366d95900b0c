import * as z from 'zod';
import { counted } from '../../foundation/counted.ts';
import { MicroYoloError, printable } from '../../foundation/errors/errors.ts';
import { splitOptions } from '../../foundation/errors/option-row.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { DETECT_OPTIONS, type DetectOptions } from '../../options/detect.ts';
import { DETECTOR_FLAGS } from '../../options/loading.ts';
import {
  type DetectFilesOptions,
  detectImages,
  type ImageDetections,
} from '../../tasks/detect/detect-images.ts';
import { isVideo } from '../../tasks/detect/is-video.ts';
import { type ChosenDefault, chooseDefaultModel } from '../../tasks/models/default-model.ts';
import { imageInputs } from '../flags/image-inputs.ts';
import { localModel } from '../flags/local-model.ts';
import { PICTURES_FOLDER } from '../flags/pictures-folder.ts';
import { integerFlag } from '../flags/read-flags.ts';
import { readFlags } from '../flags/read-table.ts';
import { flagsOfTable } from '../flags/table-flags.ts';
import { ImageProgress } from '../terminal/image-progress.ts';
import { EXIT } from '../terminal/report.ts';
import { DetectSummary } from './summary.ts';
import { givenVideoFlags, runDetectVideo, videoFlags } from './video-action.ts';

const outputFlags = {
  out: z.string().optional(),
  pictures: z.boolean().default(true),
  json: z.boolean().default(false),
  jsonl: z.string().optional(),
  coco: z.string().optional(),
  csv: z.string().optional(),
  yoloTxt: z.string().optional(),
  saveConf: z.boolean().default(false),
  crop: z.string().optional(),
};

const TABLE = { ...DETECTOR_FLAGS, ...DETECT_OPTIONS };
type Options = Pick<DetectFilesOptions, keyof typeof DETECTOR_FLAGS> & DetectOptions;

const OWN = {
  ...outputFlags,
  ...videoFlags,
  model: z.string(),
  list: z.string().optional(),
  resume: z.boolean().default(false),
  batch: integerFlag(1, 1024).optional(),
};
type Own = z.output<z.ZodObject<typeof OWN>>;

function toJson(results: readonly ImageDetections[]): string {
  return JSON.stringify(
    results.map(({ image, width, height, detections }) => ({ image, width, height, detections })),
    null,
    2,
  );
}

type Outputs = z.output<z.ZodObject<typeof outputFlags>>;

/** Whether a file is written to standard output. If so, nothing else is printed there. */
function takesStandardOutput({ json, jsonl, coco, csv }: Outputs): boolean {
  const isTaken = [jsonl, coco, csv].includes('-');
  if (isTaken && json) {
    throw new MicroYoloError(
      'invalid-argument',
      '--json with -: both write to standard output; leave out one',
    );
  }
  return isTaken;
}

function checkPictures({ out, pictures }: Outputs): void {
  if (out === undefined || pictures) return;
  throw new MicroYoloError('invalid-argument', `--out ${out} with --no-pictures: leave out one`);
}

/** Folder for pictures, if any. No pictures by default if the output is meant for a program. */
function picturesFolder(outputs: Outputs, isStandard: boolean): string | undefined {
  const { out, pictures, json } = outputs;
  checkPictures(outputs);
  return out ?? (pictures && !json && !isStandard ? PICTURES_FOLDER : undefined);
}

/** @throws MicroYoloError `invalid-argument` for flags that do not apply to a video */
function refusePhotoFlags({ list, coco, yoloTxt, saveConf, crop, resume, batch }: Own): void {
  const photos = { list, coco, 'yolo-txt': yoloTxt, 'save-conf': saveConf || undefined, crop };
  const given = Object.entries({ ...photos, resume: resume || undefined, batch })
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `--${name}`);
  if (given.length === 0) return;
  const flags = given.join(', ');
  throw new MicroYoloError(
    'invalid-argument',
    `${flags} with a video: expected with photos only; leave out ${flags}`,
  );
}

async function runVideo(video: string, options: Options, own: Own, isStandard: boolean): Promise<number> {
  refusePhotoFlags(own);
  checkPictures(own);
  const { jsonl, csv, out, json, track, every, dropLate, line: lines, zone: zones } = own;
  const [detect, loading] = splitOptions(options, DETECT_OPTIONS);
  const model = await localModel(own.model);
  const following = { track, every, dropLate, lines, zones };
  return runDetectVideo(
    { ...loading, video, model, detect, jsonl, csv, out, ...following },
    { json, isStandard },
  );
}

/** The video, if the input is one. */
function videoOf(images: readonly string[], parsed: Own): string | undefined {
  const video = images.find(isVideo);
  if (video !== undefined && images.length > 1) {
    throw new MicroYoloError(
      'invalid-argument',
      `${video}: a video among ${images.length} inputs; expected one video and nothing else`,
    );
  }
  const given = givenVideoFlags(parsed).join(', ');
  if (video === undefined && given !== '') {
    throw new MicroYoloError('invalid-argument', `${given}: expected with a video; leave out ${given}`);
  }
  return video;
}

/** Flags that choose the model or how it runs. Without them, a faster form of the default model may run. */
const OF_MODEL = ['--model', ...flagsOfTable(DETECTOR_FLAGS).filter((flag) => flag !== '--threads')];

/**
 * Runs `detect` and prints what it found. Returns the exit code.
 * @param given flags that the user passed: if the user names a model, exactly that model runs
 */
export async function runDetect(
  images: readonly string[],
  raw: Record<string, unknown>,
  given: readonly string[],
): Promise<number> {
  const { options, own } = readFlags<Options, typeof OWN>(TABLE, OWN, raw);
  const isStandard = takesStandardOutput(own);
  const video = videoOf(images, own);
  if (video !== undefined) return runVideo(video, options, own, isStandard);
  const { json, list, jsonl, coco, csv, yoloTxt, saveConf, crop, resume, batch } = own;
  const [detect, loading] = splitOptions(options, DETECT_OPTIONS);
  const out = picturesFolder(own, isStandard);
  for (const [name, path] of Object.entries({ jsonl, coco, csv }))
    if (path !== undefined && path !== '-') await checkOverwritesNone(path, [list], 'the list', name);
  const isOpen = !given.some((flag) => OF_MODEL.includes(flag));
  const { model, note }: ChosenDefault = isOpen
    ? await chooseDefaultModel({ threads: loading.threads })
    : { model: own.model };
  if (!json && !isStandard && note !== undefined) console.log(`model: ${note}`);
  const progress = new ImageProgress();
  const summary = new DetectSummary();
  const results: ImageDetections[] = [];
  let [started, runtime, resumed, total] = [0, '', 0, 0];
  try {
    const inputs = await imageInputs(images, list);
    const events = detectImages({
      ...loading,
      images: inputs,
      except: [PICTURES_FOLDER],
      model: await localModel(model),
      detect: { ...detect, batch },
      ...{ out, jsonl, coco, csv, yoloTxt, saveConf, crop, resume },
    });
    for await (const event of events) {
      if (event.type === 'started') {
        ({ loading: started, runtime, resumed, images: total } = event);
        if (event.images > 1) progress.start(event.images);
        if (resumed > 0)
          progress.note(`${counted(resumed, 'image is', 'images are')} already done, ${event.images} left`);
      } else if (event.type === 'detected') {
        progress.step();
        summary.add(event);
        if (json) results.push(event);
      } else if (event.type === 'note') progress.note(event.message);
      else if (event.type === 'torn') progress.doubt(event.image, event.message);
      else progress.skip(event.error, total + resumed);
    }
  } finally {
    progress.stop();
  }
  if (json) console.log(toJson(results));
  else if (!isStandard && summary.images > 0) {
    console.log(printable(runtime));
    const written = [jsonl, coco, csv, yoloTxt, crop].filter((path) => path !== undefined);
    summary.print(progress.skipped === 0 && resumed === 0, out, started, written);
  }
  if (progress.skipped + progress.doubted === 0) return EXIT.done;
  return summary.images + resumed > 0 ? EXIT.skipped : progress.failed();
}
