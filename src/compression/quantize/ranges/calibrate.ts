import type { CALIBRATIONS } from '../../../options/quantize.ts';
import { entropyRange, percentileRange, type Range, squaredErrorRange } from './choose.ts';
import { readHistograms } from './histogram.ts';
import { type RunImages, readStatistics } from './statistics.ts';

export type CalibrationMethod = (typeof CALIBRATIONS)[number];

export interface CalibrationSettings {
  readonly method: CalibrationMethod;
  /** For `percentile`: percentage of the values that is kept. */
  readonly percentile: number;
}

/** Calibration result for a value. */
export interface CalibratedValue {
  readonly range: Range;
  /** Mean of each channel of a map. Empty for other values. */
  readonly means: Float64Array;
}

/** Calibrates the values returned by `run`. It runs over the images twice if the method needs histograms. */
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
