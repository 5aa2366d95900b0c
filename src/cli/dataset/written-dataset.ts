import type { WriteDatasetEvent, WrittenDataset } from '../../tasks/datasets/write-dataset.ts';
import { inFlags } from '../flags/option-flags.ts';
import { Progress } from '../terminal/progress.ts';
import { EXIT } from '../terminal/report.ts';
import { formatTable } from '../terminal/table.ts';

const LINES = 10;
const FORMATS = { coco: 'COCO', voc: 'Pascal VOC', yolo: 'YOLO', darknet: 'Darknet' } as const;
const grouped = (count: number) => count.toLocaleString('en-US');

interface Problem {
  readonly place: string;
  readonly message: string;
  readonly kept: boolean;
}

function printProblems(problems: readonly Problem[]): void {
  for (const { kept, place, message } of problems.slice(0, LINES)) {
    console.error(inFlags(`${kept ? 'note' : 'warning'}: ${place}: ${message}`));
  }
  const more = problems.length - LINES;
  if (more > 0) console.error(`… and ${grouped(more)} more; "micro-yolo dataset check" lists them all`);
}

interface ClassBoxes {
  readonly name: string;
  readonly boxes: Readonly<Record<string, number>>;
}

/** Table of box counts by class and split, most boxes first. */
function formatClasses(classes: readonly ClassBoxes[], splits: readonly string[]): string {
  const total = ({ boxes }: ClassBoxes) => Object.values(boxes).reduce((sum, count) => sum + count, 0);
  const rows = classes
    .toSorted((a, b) => total(b) - total(a))
    .map(({ name, boxes }) => [name, ...splits.map((split) => grouped(boxes[split] ?? 0))]);
  const columns = splits.map((title) => ({ title, align: 'right' as const }));
  return formatTable([{ title: 'boxes of class' }, ...columns], rows);
}

function printWritten(
  { format, path, splits, losses }: WrittenDataset,
  classes: readonly ClassBoxes[] | undefined,
): void {
  const numbers = ['images', 'annotations'].map((title) => ({ title, align: 'right' as const }));
  const rows = splits.map(({ split, images, annotations }) => [split, grouped(images), grouped(annotations)]);
  console.log(formatTable([{ title: 'split' }, ...numbers], rows));
  if (classes)
    console.log(
      `\n${formatClasses(
        classes,
        splits.map(({ split }) => split),
      )}\n`,
    );
  for (const loss of losses) console.log(inFlags(`lost in ${FORMATS[format]}: ${loss}`));
  console.log(`written as ${FORMATS[format]}: ${path}`);
}

/**
 * Runs a task that writes a data set, shows a progress bar, and prints the result.
 * @param print prints anything else about the result
 * @returns the exit code
 */
export async function runWriting<
  Written extends WrittenDataset & { readonly classes?: readonly ClassBoxes[] },
>(
  task: (onEvent: (event: WriteDatasetEvent) => void) => Promise<Written>,
  json: boolean,
  print: (written: Written) => void = () => {},
): Promise<number> {
  const progress = new Progress('images');
  const problems: Problem[] = [];
  let written: Written;
  try {
    written = await task((event) => {
      if (event.type === 'started') {
        progress.stop();
        progress.start(event.total);
      } else if (event.type === 'item') progress.step();
      else problems.push({ ...event.problem, kept: event.kept });
    });
  } finally {
    progress.stop();
    if (!json) printProblems(problems);
  }
  if (json) console.log(JSON.stringify({ ...written, problems }, null, 2));
  else {
    printWritten(written, written.classes);
    print(written);
  }
  return problems.some(({ kept }) => !kept) ? EXIT.skipped : EXIT.done;
}
