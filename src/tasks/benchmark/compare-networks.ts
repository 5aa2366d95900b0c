import type { Size } from '../../boxes/formats.ts';
import { drawLineChart, POINT_SHAPES } from '../../drawing/chart.ts';
import { classColor } from '../../drawing/palette.ts';
import { checkPicture, saveCanvas } from '../../drawing/save.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { defaultsOf } from '../../foundation/errors/option-row.ts';
import type { ItemEvent, StartedEvent } from '../../foundation/events.ts';
import { checkFolder } from '../../foundation/files/folders.ts';
import { median } from '../../foundation/timing/median.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { COMPARE_OPTIONS } from '../../options/compare.ts';
import type { ComparedNetwork } from './compared-network.ts';
import { compressionFamilies } from './compression-families.ts';
import { type Loaded, loadContenders } from './contenders.ts';
import { measureFiles } from './measure-files.ts';
import { reportComparison } from './report-comparison.ts';
import { runInTurns } from './run-in-turns.ts';

/** Options for comparing networks. */
export interface CompareOptions {
  /** Model files, ONNX detectors, or names of networks. At least two. */
  readonly networks: readonly string[];
  /** Input size in pixels: a side or width and height. @default each network's own */
  readonly size?: number | Size | undefined;
  /** Number of rounds of six runs each. Times are their median. 0 skips timing. @default 10 */
  readonly rounds?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Image to draw: time against multiply-accumulates. @default none */
  readonly chart?: string | undefined;
  /** Folder to write a report to, `index.html`: AP against time, multiply-accumulates and bytes. @default none */
  readonly report?: string | undefined;
  /** Data to measure AP and AP50 on. @default the AP stored in the models' files */
  readonly data?: string | undefined;
}

/** Default options for comparing networks. */
export const COMPARE_DEFAULTS = defaultsOf(COMPARE_OPTIONS);

/** Progress events of comparing networks. */
export type CompareEvent = StartedEvent | ItemEvent;

async function timeNetworks(
  loaded: readonly Loaded[],
  rounds: number,
  threads: number | undefined,
  onEvent: (event: CompareEvent) => void,
): Promise<ReadonlyMap<string, number>> {
  onEvent({ type: 'started', total: rounds + 1 });
  const timings = await runInTurns(loaded, rounds, threads, () => onEvent({ type: 'item' }));
  return new Map(loaded.map(({ name, batch }) => [name, median(timings.get(name)!) / batch]));
}

async function drawComparison(compared: readonly ComparedNetwork[], path: string): Promise<void> {
  const canvas = await drawLineChart({
    title: 'Time on this machine against multiply-accumulates',
    xTitle: 'multiply-accumulates, G',
    yTitle: 'ms',
    series: compared.map(({ name, macs, milliseconds = 0 }, index) => ({
      name,
      color: classColor(index),
      points: [{ x: macs / 1e9, y: milliseconds }],
      pointRadius: 7,
      point: POINT_SHAPES[index % POINT_SHAPES.length]!,
    })),
  });
  await saveCanvas(canvas, path);
}

/**
 * Compares networks by cost and by their time for one image, measured in alternating rounds.
 * @throws MicroYoloError if a network is unknown or does not fit the size, or the image cannot be written
 */
export async function compareNetworks(
  options: CompareOptions,
  watch: Watch<CompareEvent> = {},
): Promise<readonly ComparedNetwork[]> {
  const onEvent = watching(watch);
  checkOptions('compareNetworks options', options, COMPARE_OPTIONS);
  const { size, rounds = COMPARE_DEFAULTS.rounds, threads, chart } = options;
  if (chart !== undefined) {
    if (rounds === 0) {
      throw new MicroYoloError(
        'invalid-argument',
        'chart: shows times, but rounds 0 skips timing; leave out one of them',
      );
    }
    await checkPicture(chart);
  }
  const { report, data } = options;
  if (report !== undefined) await checkFolder(report);
  const loaded = await loadContenders(options.networks, size);
  const times = rounds > 0 ? await timeNetworks(loaded, rounds, threads, onEvent) : new Map<string, number>();
  const figures = await measureFiles(options.networks, data, threads);
  const compared = loaded.map(({ name, input, cost, provenance }): ComparedNetwork => {
    const milliseconds = times.get(name);
    const { accuracy, quantized } = provenance;
    const compression = compressionFamilies(provenance);
    return {
      name,
      input,
      ...cost,
      ...figures.get(name),
      ...(compression.length === 0 ? {} : { compression }),
      ...(quantized === undefined ? {} : { quantized }),
      ...(milliseconds === undefined ? {} : { milliseconds }),
      ...(accuracy === undefined ? {} : { accuracy }),
    };
  });
  if (chart !== undefined) await drawComparison(compared, chart);
  if (report !== undefined) await reportComparison(compared, { report, data });
  return compared;
}
