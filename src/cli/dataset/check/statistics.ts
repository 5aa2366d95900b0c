import { counted } from '../../../foundation/counted.ts';
import { firstNames, printable } from '../../../foundation/errors/errors.ts';
import type { CheckDatasetReport } from '../../../tasks/datasets/check/check-dataset.ts';
import { type Column, formatTable } from '../../terminal/table.ts';

type Split = CheckDatasetReport['splits'][number];
type Bin = Split['sides'][number];

/** Length of the longest bar, in characters. */
const BAR = 24;

/** Maximum number of classes shown, most boxes first. */
const SHOWN_CLASSES = 200;

const right = (title: string): Column => ({ title, align: 'right' });
const count = (value: number) => value.toLocaleString('en-US');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** A table of counts per split, with a bar for each row's sum. */
function countTable(
  title: string,
  labels: readonly string[],
  rows: readonly { readonly name: string; readonly counts: readonly number[] }[],
): string {
  const sums = rows.map(({ counts }) => counts.reduce((sum, value) => sum + value, 0));
  const most = Math.max(1, ...sums);
  return formatTable(
    [{ title }, ...labels.map((label) => right(label)), { title: '' }],
    rows.map(({ name, counts }, index) => [
      name,
      ...counts.map(count),
      '█'.repeat(Math.ceil((BAR * sums[index]!) / most)),
    ]),
  );
}

function classTable(title: string, splits: readonly Split[]): string {
  const byName = new Map<string, number[]>();
  for (const [split, { classes }] of splits.entries()) {
    for (const { name, boxes } of classes) {
      const counts = byName.get(name) ?? splits.map(() => 0);
      // Categories with the same name are one class.
      counts[split]! += boxes;
      byName.set(name, counts);
    }
  }
  const total = (counts: readonly number[]) => counts.reduce((sum, value) => sum + value, 0);
  const all = [...byName].map(([name, counts]) => ({ name, counts, boxes: total(counts) }));
  const unused = all.filter(({ boxes }) => boxes === 0).map(({ name }) => name);
  const rows = all.filter(({ boxes }) => boxes > 0).sort((a, b) => b.boxes - a.boxes);
  const table = countTable(
    title,
    splits.map(({ label }) => label),
    rows.slice(0, SHOWN_CLASSES),
  );
  const more = rows.length - SHOWN_CLASSES;
  return [
    table,
    ...(more > 0 ? [`… and ${count(more)} more (--json)`] : []),
    ...(unused.length > 0
      ? [`without boxes: ${counted(unused.length, 'class', 'classes')}, ${printable(firstNames(unused))}`]
      : []),
  ].join('\n');
}

function binTable(
  title: string,
  splits: readonly Split[],
  bins: (split: Split) => readonly Bin[],
  name: (bin: Bin) => string,
): string {
  const labels = splits.map(({ label }) => label);
  const rows = bins(splits[0]!).map((bin, index) => ({
    name: name(bin),
    counts: splits.map((split) => bins(split)[index]!.count),
  }));
  return countTable(title, labels, rows);
}

function cocoTable(splits: readonly Split[]): string {
  const groups = { small: 'small, under 32²', medium: 'medium, to 96²', large: 'large' } as const;
  const rows = (['small', 'medium', 'large'] as const).map((group) => ({
    name: groups[group],
    counts: splits.map(({ cocoSizes }) => cocoSizes[group]),
  }));
  return countTable(
    "objects by area, COCO's groups",
    splits.map(({ label }) => label),
    rows,
  );
}

/** An aspect ratio as text: 0.25 is `1:4`, and 4 is `4:1`. */
function ratio(value: number): string {
  const [wide, high] = value < 1 ? [1, 1 / value] : [value, 1];
  return `${Number(wide.toFixed(2))}:${Number(high.toFixed(2))}`;
}

function aspectName({ from, to }: Bin): string {
  if (from === 0) return `under ${ratio(to ?? 0)}`;
  return to === null ? `${ratio(from)} and over` : `${ratio(from)} to ${ratio(to)}`;
}

const sideName = ({ from, to }: Bin) => (to === null ? `${from} px and over` : `${from} to ${to} px`);

function anchorTable(splits: readonly Split[]): string {
  const { anchors, input } = splits[0]!.anchors;
  const rows = splits.map(({ label, anchors: fit }) => [
    label,
    percent(fit.recall),
    fit.meanIou.toFixed(3),
    ...fit.shares.map(percent),
  ]);
  const titles = ['recall at IoU 0.5', 'mean IoU', ...anchors.map(([width, height]) => `${width}×${height}`)];
  const table = formatTable([{ title: 'split' }, ...titles.map(right)], rows);
  return `the usual anchors, YOLOv3-tiny's at ${input.width}×${input.height}, and the share of the boxes that each fits best\ntraining from nothing fits its own anchors to the boxes\n${table}`;
}

/**
 * Histograms of classes, sizes and aspect ratios with one column per split, and the fit of YOLOv3-tiny's anchors.
 * Classification data only has the histogram of classes.
 */
export function formatStatistics(splits: readonly Split[]): string {
  if (splits.every(({ task }) => task === 'classification')) return classTable('images by class', splits);
  return [
    classTable('boxes by class', splits),
    cocoTable(splits),
    binTable('boxes by side, √(w·h)', splits, ({ sides }) => sides, sideName),
    binTable('boxes by aspect, w:h', splits, ({ aspects }) => aspects, aspectName),
    anchorTable(splits),
  ].join('\n\n');
}
