import * as z from 'zod';
import { printable } from '../../foundation/errors/errors.ts';
import { CLASSIFY_FLAGS } from '../../options/classify.ts';
import {
  type ClassifyFilesEvent,
  type ClassifyFilesOptions,
  classifyFiles,
  type ImageClasses,
} from '../../tasks/detect/classify-files.ts';
import { imageInputs } from '../flags/image-inputs.ts';
import { localModel } from '../flags/local-model.ts';
import { PICTURES_FOLDER } from '../flags/pictures-folder.ts';
import { readFlags } from '../flags/read-table.ts';
import { ImageProgress } from '../terminal/image-progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const OWN = {
  list: z.string().optional(),
  json: z.boolean().default(false),
};
type Flags = Omit<ClassifyFilesOptions, 'images' | 'except'>;

function print({ image, classes }: ImageClasses): void {
  console.log(printable(image));
  const rows = classes.map(({ label, score }) => [label, `${(100 * score).toFixed(1)} %`]);
  console.log(formatTable([{ title: 'class' }, { title: 'score', align: 'right' }], rows));
}

/** Runs `classify` and prints the classes of each image. Returns the exit code. */
export async function runClassify(images: readonly string[], raw: Record<string, unknown>): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(CLASSIFY_FLAGS, OWN, raw);
  const { list, json } = own;
  const progress = new ImageProgress();
  let [runtime, total] = ['', 0];
  const onEvent = (event: ClassifyFilesEvent) => {
    if (event.type === 'started') {
      ({ runtime, total } = event);
      if (event.total > 1) progress.start(event.total);
    } else if (event.type === 'item') progress.step();
    else if (event.type === 'note') progress.note(event.message);
    else if (event.type === 'torn') progress.doubt(event.image, event.message);
    else progress.skip(event.error, total);
  };
  let results: readonly ImageClasses[];
  try {
    results = await classifyFiles(
      {
        ...options,
        images: await imageInputs(images, list),
        except: [PICTURES_FOLDER],
        model: await localModel(options.model),
      },
      { onEvent },
    );
  } finally {
    progress.stop();
  }
  if (json) console.log(JSON.stringify(results, null, 2));
  else if (results.length > 0) {
    console.log(printable(runtime));
    results.forEach(print);
  }
  if (progress.skipped + progress.doubted === 0) return EXIT.done;
  return results.length > 0 ? EXIT.skipped : progress.failed();
}
