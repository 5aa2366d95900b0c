import * as z from 'zod';
import { counted } from '../../../foundation/counted.ts';
import { ANCHORS_OPTIONS } from '../../../options/dataset/anchors.ts';
import {
  type AnchorReport,
  type FitAnchorsOptions,
  fitAnchors,
} from '../../../tasks/datasets/fit-anchors.ts';
import { readFlags } from '../../flags/read-table.ts';
import { EXIT } from '../../terminal/report.ts';
import { formatTable } from '../../terminal/table.ts';

const OWN = { json: z.boolean().default(false) };
type Flags = Omit<FitAnchorsOptions, 'data'>;

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function printReport({ boxes, input, current, found }: AnchorReport): void {
  const right = (title: string) => ({ title, align: 'right' as const });
  const rows = Array.from({ length: Math.max(current.anchors.length, found.anchors.length) }, (_, index) =>
    [current, found].flatMap(({ anchors, shares }) => {
      const anchor = anchors[index];
      return anchor ? [anchor.join('×'), percent(shares[index]!)] : ['', ''];
    }),
  );
  console.log(`${counted(boxes, 'box', 'boxes')}, letterboxed to ${input.width}×${input.height}\n`);
  console.log(
    formatTable(
      [{ title: '' }, right("YOLOv3-tiny's"), right('found')],
      [
        ['recall at IoU 0.5', percent(current.recall), percent(found.recall)],
        ['mean IoU with the best anchor', current.meanIou.toFixed(3), found.meanIou.toFixed(3)],
      ],
    ),
  );
  console.log(`\n${formatTable(["YOLOv3-tiny's", 'is best for', 'found', 'is best for'].map(right), rows)}`);
  if (found.meanIou <= current.meanIou)
    console.log("\nYOLOv3-tiny's anchors fit at least as well: keep them");
  console.log(`\nanchors: ${JSON.stringify(found.anchors).replaceAll(',', ', ')}`);
  console.log(`Darknet: anchors = ${found.anchors.map((anchor) => anchor.join(',')).join(', ')}`);
}

/** Runs `dataset anchors`. Returns the exit code. */
export async function runDatasetAnchors(
  data: readonly string[],
  raw: Record<string, unknown>,
): Promise<number> {
  const { options, own } = readFlags<Flags, typeof OWN>(ANCHORS_OPTIONS, OWN, raw);
  const report = await fitAnchors({ ...options, data });
  if (own.json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  return EXIT.done;
}
