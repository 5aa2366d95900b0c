import type { CALIBRATIONS } from '../../../options/quantize.ts';
import { entropyRange, percentileRange, type Range, squaredErrorRange } from './choose.ts';
import { readHistograms } from './histogram.ts';
import { type RunImages, readStatistics } from './statistics.ts';

export type CalibrationMethod = (typeof CALIBRATIONS)[number];

export interface CalibrationSettings {
  readonly method: CalibrationMethod;
  /** Of `percentile`: percent of the values that are kept. */
  readonly percentile: number;
}

/** What calibration tells of a value. */
export interface CalibratedValue {
  readonly range: Range;
  /** Mean of each channel of a map; of other values empty. */
  readonly means: Float64Array;
}

/** Calibrates the values that `run` gives: twice over the images if the method needs to know how values lie. */
export async function calibrate(
  run: RunImages,
  { method, percentile }: CalibrationSettings,
): Promise<ReadonlyMap<string, CalibratedValue>> {
  const statistics = await readStatistics(run);
  const calibrated = (rangeOf: (name: string) => Range) =>
    new Map([...statistics].map(([name, { means }]) => [name, { range: rangeOf(name), means }]));
  if (method === 'min-max') {
    return calibrated((name) => {
      const { least, most } = statistics.get(name)!;
      return [least, most];
    });
  }
  const histograms = await readHistograms(run, statistics);
  return calibrated((name) => {
    const histogram = histograms.get(name)!;
    if (method === 'percentile') return percentileRange(histogram, percentile);
    return method === 'entropy' ? entropyRange(histogram) : squaredErrorRange(histogram);
  });
}
