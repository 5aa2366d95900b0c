import * as z from 'zod';
import { type AnchorReport, fitAnchors } from '../../../tasks/datasets/fit-anchors.ts';
import { integerFlag, parseFlags, sizeFlag } from '../../flags/read-flags.ts';
import { EXIT } from '../../terminal/report.ts';
import { formatTable } from '../../terminal/table.ts';

const flags = z.strictObject({
  count: integerFlag(1, 50),
  size: sizeFlag,
  seed: integerFlag(0, 2 ** 31 - 1),
  split: z.string().optional(),
  json: z.boolean().default(false),
});

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function printReport({ boxes, input, current, found }: AnchorReport): void {
  const right = (title: string) => ({ title, align: 'right' as const });
  const rows = Array.from({ length: Math.max(current.anchors.length, found.anchors.length) }, (_, index) =>
    [current, found].flatMap(({ anchors, shares }) => {
      const anchor = anchors[index];
      return anchor ? [anchor.join('×'), percent(shares[index]!)] : ['', ''];
    }),
  );
  console.log(`${boxes.toLocaleString('en-US')} boxes, letterboxed to ${input.width}×${input.height}\n`);
  console.log(
    formatTable(
      [{ title: '' }, right("YOLOv3-tiny's"), right('found')],
      [
        ['boxes that an anchor overlaps by half', percent(current.recall), percent(found.recall)],
        ['mean IoU with the best anchor', current.meanIou.toFixed(3), found.meanIou.toFixed(3)],
      ],
    ),
  );
  console.log(`\n${formatTable(["YOLOv3-tiny's", 'is best for', 'found', 'is best for'].map(right), rows)}`);
  if (found.meanIou <= current.meanIou) console.log("\nYOLOv3-tiny's fit at least as well: keep them");
  console.log(`\nanchors: ${JSON.stringify(found.anchors).replaceAll(',', ', ')}`);
  console.log(`Darknet: anchors = ${found.anchors.map((anchor) => anchor.join(',')).join(', ')}`);
}

/** Runs `dataset anchors`. Returns the exit code. */
export async function runDatasetAnchors(
  data: readonly string[],
  raw: Record<string, unknown>,
): Promise<number> {
  const { json, ...options } = parseFlags(flags, raw);
  const report = await fitAnchors({ data, ...options });
  if (json) console.log(JSON.stringify(report, null, 2));
  else printReport(report);
  return EXIT.done;
}
