import type { Dataset } from '../dataset.ts';
import { selectRows } from '../select.ts';
import type { Losses } from './losses.ts';

/** Leaves out the crowd boxes, and counts them as a loss. */
export function withoutCrowds(dataset: Dataset, losses: Losses): Dataset {
  const { annotations } = dataset;
  const rows = Array.from({ length: annotations.count }, (_, row) => row).filter(
    (row) => annotations.crowd[row] === 0,
  );
  if (rows.length === annotations.count) return dataset;
  losses.add('%d boxes of crowds, left out', annotations.count - rows.length);
  return { ...dataset, annotations: selectRows(annotations, rows) };
}
