import { printable } from '../errors.ts';
import { losesData, type WriteDatasetEvent, type WrittenDataset } from '../tasks/write-dataset.ts';
import { Progress } from './progress.ts';
import { EXIT } from './report.ts';
import { formatTable } from './table.ts';

const LINES = 10;
const FORMATS = { coco: 'COCO', voc: 'Pascal VOC', yolo: 'YOLO', darknet: 'Darknet' } as const;
const grouped = (count: number) => count.toLocaleString('en-US');

interface Problem {
  readonly kind: string;
  readonly place: string;
  readonly message: string;
}

function printProblems(problems: readonly Problem[]): void {
  for (const problem of problems.slice(0, LINES)) {
    const { place, message } = problem;
    console.error(printable(`${losesData(problem) ? 'warning' : 'note'}: ${place}: ${message}`));
  }
  const more = problems.length - LINES;
  if (more > 0) console.error(`… and ${grouped(more)} more; "micro-yolo dataset check" lists them all`);
}

function printWritten({ format, path, splits, losses }: WrittenDataset): void {
  const numbers = ['images', 'annotations'].map((title) => ({ title, align: 'right' as const }));
  const rows = splits.map(({ split, images, annotations }) => [split, grouped(images), grouped(annotations)]);
  console.log(formatTable([{ title: 'split' }, ...numbers], rows));
  for (const loss of losses) console.log(printable(`${FORMATS[format]} has no place for: ${loss}`));
  console.log(`written as ${FORMATS[format]}: ${path}`);
}

/**
 * Runs a task that writes a data set, with a bar, and prints what came of it.
 * @returns the exit code
 */
export async function runWriting(
  task: (onEvent: (event: WriteDatasetEvent) => void) => Promise<WrittenDataset>,
  json: boolean,
): Promise<number> {
  const progress = new Progress('images');
  const problems: Problem[] = [];
  let written: WrittenDataset;
  try {
    written = await task((event) => {
      if (event.type === 'started') progress.start(event.images);
      else if (event.type === 'image') progress.step();
      else problems.push(event.problem);
    });
  } finally {
    progress.stop();
    if (!json) printProblems(problems);
  }
  if (json) console.log(JSON.stringify({ ...written, problems }, null, 2));
  else printWritten(written);
  return problems.some(losesData) ? EXIT.skipped : EXIT.done;
}
