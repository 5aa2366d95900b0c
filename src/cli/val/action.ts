import * as z from 'zod';
import { counted } from '../../foundation/counted.ts';
import { MicroYoloError, printable } from '../../foundation/errors/errors.ts';
import { splitOptions } from '../../foundation/errors/option-row.ts';
import { EVALUATE_OPTIONS, EVALUATED_OPTIONS } from '../../options/evaluate.ts';
import { DETECTOR_FLAGS, LOAD_OPTIONS } from '../../options/loading.ts';
import { modelTask } from '../../tasks/evaluate/evaluate-classifier.ts';
import {
  type EvaluateOptions,
  type EvaluationReport,
  evaluateModel,
} from '../../tasks/evaluate/evaluate-model.ts';
import { localModel } from '../flags/local-model.ts';
import { readFlags } from '../flags/read-table.ts';
import { flagsOfTable } from '../flags/table-flags.ts';
import { underBar } from '../terminal/image-progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';
import { runValClassifier } from './classifier.ts';

const OWN = { json: z.boolean().default(false) };
const TABLE = { ...EVALUATE_OPTIONS, ...DETECTOR_FLAGS, ...EVALUATED_OPTIONS };
/** Flags that do not apply to a results file. */
const OF_DETECTING = flagsOfTable({ ...DETECTOR_FLAGS, ...EVALUATED_OPTIONS });

const right = (title: string) => ({ title, align: 'right' as const });
const shown = (value: number) => (value < 0 ? '–' : value.toFixed(4));

/** COCO's twelve metrics with their descriptions. */
const METRICS: readonly (readonly [keyof EvaluationReport['metrics'], string])[] = [
  ['AP', 'IoU 0.50:0.95, all areas, 100 boxes'],
  ['AP50', 'IoU 0.50'],
  ['AP75', 'IoU 0.75'],
  ['APsmall', 'areas under 32²'],
  ['APmedium', 'areas from 32² to 96²'],
  ['APlarge', 'areas over 96²'],
  ['AR1', 'recall with 1 box per image'],
  ['AR10', 'recall with 10'],
  ['AR100', 'recall with 100'],
  ['ARsmall', 'recall, areas under 32²'],
  ['ARmedium', 'recall, areas from 32² to 96²'],
  ['ARlarge', 'recall, areas over 96²'],
];

function printReport({
  split,
  metrics,
  voc50,
  perClass,
  images,
  truths,
  detections,
  seconds,
  isResults,
}: EvaluationReport & { readonly isResults: boolean }): void {
  const classes = perClass
    .filter(({ truths }) => truths > 0)
    .sort((a, b) => b.truths - a.truths)
    .map(({ name, truths, AP, AP50, AR100 }) => [name, String(truths), shown(AP), shown(AP50), shown(AR100)]);
  console.log(formatTable([{ title: 'class' }, ...['objects', 'AP', 'AP50', 'AR100'].map(right)], classes));
  console.log('');
  const rows = METRICS.map(([name, meaning]) => [name, shown(metrics[name]), meaning]);
  rows.push(['VOC 2007', shown(voc50.elevenPoint), 'eleven-point average precision at IoU 0.5']);
  rows.push([
    'VOC 2010',
    shown(voc50.allPoints),
    'all-point average precision at IoU 0.5, as Darknet prints it',
  ]);
  console.log(formatTable([{ title: 'metric' }, right('value'), { title: '' }], rows));
  const rate = `detecting ${seconds.detecting.toFixed(1)} s (${(images / seconds.detecting).toFixed(1)} images/s)`;
  console.log(
    `\nsplit ${printable(split)}: ${counted(images, 'image')}, ${counted(truths, 'true box', 'true boxes')}, ${counted(detections, 'detection')}; ` +
      `${isResults ? '' : `${rate}, `}evaluating ${seconds.evaluating.toFixed(2)} s`,
  );
}

/**
 * Runs `val`. Returns the exit code.
 * @param given flags that the user passed: some do not apply to a results file or a classifier
 */
export async function runVal(raw: Record<string, unknown>, given: readonly string[]): Promise<number> {
  const { options, own } = readFlags<EvaluateOptions, typeof OWN>(TABLE, OWN, raw);
  const { data, model, results } = options;
  const { json } = own;
  if ((model === undefined) === (results === undefined)) {
    const given = model === undefined ? 'neither' : 'both';
    throw new MicroYoloError('invalid-argument', `--model and --results: got ${given}, expected exactly one`);
  }
  const ofDetecting = given.filter((flag) => OF_DETECTING.includes(flag));
  if (results !== undefined && ofDetecting.length > 0) {
    const flags = ofDetecting.join(', ');
    throw new MicroYoloError(
      'invalid-argument',
      `${flags} with --results: the results already contain boxes; leave out ${flags}`,
    );
  }
  if (model !== undefined && (await modelTask(await localModel(model))) === 'classification') {
    const [loading] = splitOptions(options, LOAD_OPTIONS);
    const classifying = { ...loading, data, split: options.split, model: await localModel(model) };
    return runValClassifier(classifying, json, given);
  }
  const evaluated =
    model === undefined ? { ...options, results: results! } : { ...options, model: await localModel(model) };
  const { report, runtime, skipped } = await underBar((onEvent) => evaluateModel(evaluated, { onEvent }));
  if (!json && runtime !== undefined) console.log(printable(runtime));
  if (json) console.log(JSON.stringify(report, null, 2));
  else {
    printReport({ ...report, isResults: results !== undefined });
    if (report.analysis) console.log(`\nreport written to ${printable(report.analysis.page)}`);
  }
  return skipped > 0 || report.leftOut > 0 || report.misread ? EXIT.skipped : EXIT.done;
}
