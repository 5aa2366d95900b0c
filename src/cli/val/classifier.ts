import { counted } from '../../foundation/counted.ts';
import { MicroYoloError, printable } from '../../foundation/errors/errors.ts';
import { pickRows } from '../../foundation/errors/option-row.ts';
import { EVALUATE_OPTIONS, EVALUATED_OPTIONS } from '../../options/evaluate.ts';
import { RESIZE_OPTION } from '../../options/loading.ts';
import {
  type ClassifierReport,
  type EvaluateClassifierOptions,
  evaluateClassifier,
} from '../../tasks/evaluate/evaluate-classifier.ts';
import { flagsOfTable } from '../flags/table-flags.ts';
import { underBar } from '../terminal/image-progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

/** Flags that do not apply to a classifier, because it finds no boxes. */
const OF_BOXES = flagsOfTable({
  ...EVALUATED_OPTIONS,
  ...pickRows(EVALUATE_OPTIONS, ['imageFolder', 'saveJson', 'report', 'baseline']),
  resize: RESIZE_OPTION,
});

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const right = (title: string) => ({ title, align: 'right' as const });

function print({ images, top1, top5, perClass }: ClassifierReport): void {
  const rows = perClass.map(({ name, images, accuracy, takenFor }) => [
    printable(name),
    String(images),
    percent(accuracy),
    takenFor ? `${printable(takenFor.name)} (${takenFor.images})` : '',
  ]);
  const columns = [
    { title: 'class' },
    right('images'),
    right('right'),
    { title: 'most often classified as' },
  ];
  console.log(formatTable(columns, rows));
  console.log(`\n${counted(images, 'image')}: top-1 ${percent(top1)}, top-5 ${percent(top5)}`);
}

/** Runs `val` on a classifier. Returns the exit code. */
export async function runValClassifier(
  options: EvaluateClassifierOptions,
  json: boolean,
  given: readonly string[],
): Promise<number> {
  const meaningless = given.filter((flag) => OF_BOXES.includes(flag));
  if (meaningless.length > 0) {
    const flags = meaningless.join(', ');
    const instead = meaningless.includes('--report') ? '; the table shows which classes are mixed up' : '';
    throw new MicroYoloError(
      'invalid-argument',
      `${flags} with ${options.model}: a classifier finds no boxes; leave out ${flags}${instead}`,
    );
  }
  const { report, runtime, skipped } = await underBar((onEvent) => evaluateClassifier(options, { onEvent }));
  if (!json && runtime !== undefined) console.log(printable(runtime));
  if (json) console.log(JSON.stringify(report, null, 2));
  else print(report);
  return skipped > 0 ? EXIT.skipped : EXIT.done;
}
