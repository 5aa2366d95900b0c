import type { Size } from '../../boxes/formats.ts';
import { GraphNetwork } from '../../detection/foreign/graph-network.ts';
import { measureGraph } from '../../detection/foreign/measure-graph.ts';
import { openGraphModel } from '../../detection/foreign/open-graph.ts';
import { drawLineChart, POINT_SHAPES } from '../../drawing/chart.ts';
import { classColor } from '../../drawing/palette.ts';
import { checkPicture, saveCanvas } from '../../drawing/save.ts';
import { createSession } from '../../executors/onnx/session.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { defaultsOf } from '../../foundation/errors/option-row.ts';
import { checkFolder, isFile } from '../../foundation/files/folders.ts';
import { alternate } from '../../foundation/timing/alternate.ts';
import { median } from '../../foundation/timing/median.ts';
import { type Watch, watching } from '../../foundation/watch.ts';
import { placeImage } from '../../image/letterbox.ts';
import { compileModel } from '../../models/compile/compile.ts';
import { IMAGE_INPUT } from '../../models/forward/forward.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { initializeWeights } from '../../models/initialize.ts';
import { loadNetwork, modelFile } from '../../models/load.ts';
import { DEFAULT_RECIPE, type Provenance } from '../../models/model.ts';
import { sizedNetwork } from '../../models/running/load-sized.ts';
import { type Cost, networkCost } from '../../network/cost.ts';
import { COMPARE_OPTIONS } from '../../options/compare.ts';
import type { ComparedNetwork } from './compared-network.ts';
import { reportComparison } from './report-comparison.ts';

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
  /** Data to measure AP on, for the report. @default the AP stored in the models' files */
  readonly data?: string | undefined;
}

/** Defaults of comparing networks. */
export const COMPARE_DEFAULTS = defaultsOf(COMPARE_OPTIONS);

/** Progress events of comparing networks. */
export type CompareEvent = { readonly type: 'started'; readonly rounds: number } | { readonly type: 'round' };

/** A network to be compared: what it costs, and how it is opened for being timed. */
interface Loaded {
  readonly name: string;
  readonly accuracy: string | undefined;
  readonly input: Size;
  /** Images a run. */
  readonly batch: number;
  readonly cost: Cost & Pick<ComparedNetwork, 'activationMemory' | 'uncounted'>;
  open(threads: number | undefined): Promise<Opened>;
}

interface Opened extends AsyncDisposable {
  run(): Promise<unknown>;
}

/** What a model's file says of its evaluation. */
const accuracyOf = (provenance: Provenance | undefined) => provenance?.['accuracy'];

/** A network of this library, with random weights, which take the time that trained ones take. */
async function loadOwn(name: string, size: CompareOptions['size']): Promise<Loaded> {
  const loaded = await loadNetwork(name);
  const network = sizedNetwork(loaded.network, size);
  const [channels, height, width] = network.input;
  const { layers: _, ...cost } = networkCost(network);
  return {
    name,
    accuracy: accuracyOf(loaded.provenance),
    input: { width, height },
    batch: 1,
    cost,
    async open(threads) {
      const weights = initializeWeights(network, 1);
      const model = { network, weights, classes: [], recipe: DEFAULT_RECIPE, provenance: {} };
      const session = await createSession(compileModel(model), { threads });
      const data = Uint8Array.from({ length: channels * height * width }, (_, i) => (i * 2654435761) >>> 24);
      const feeds = { [IMAGE_INPUT]: { shape: [1, height, width, channels], data } };
      return {
        run: () => session.run(feeds),
        [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
      };
    },
  };
}

/** A graph that others made. */
async function loadForeign(name: string, model: GraphModel): Promise<Loaded> {
  const { nodes: _, parameters, ...cost } = (await measureGraph(model)).cost;
  const { width, height } = model.input;
  const input = { width, height };
  return {
    name,
    accuracy: accuracyOf(model.provenance),
    input,
    batch: model.input.batch,
    cost: { ...cost, flops: 2 * cost.macs, parameters: { trainable: parameters, total: parameters } },
    async open(threads) {
      const network = await GraphNetwork.open(model, { threads });
      const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 2654435761) >>> 24);
      const feeds = network.feeds({ pixels, input, placement: placeImage(input, input, 'stretch') });
      return {
        run: () => network.run(feeds),
        [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
      };
    },
  };
}

async function load(names: readonly string[], size: CompareOptions['size']): Promise<readonly Loaded[]> {
  if (names.length < 2) {
    throw new MicroYoloError(
      'invalid-argument',
      `networks ${JSON.stringify(names.join(', '))}: expected at least two to compare`,
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `network ${JSON.stringify(repeated)}: appears twice; name each network once`,
      { field: 'network', received: repeated },
    );
  }
  const loaded: Loaded[] = [];
  for (const name of names) {
    const graph = await openGraphModel(await modelFile(name), { size });
    loaded.push(await (graph ? loadForeign(name, graph.model) : loadOwn(name, size)));
  }
  return loaded;
}

async function timeNetworks(
  loaded: readonly Loaded[],
  rounds: number,
  threads: number | undefined,
  onEvent: (event: CompareEvent) => void,
): Promise<ReadonlyMap<string, number>> {
  const opened: Opened[] = [];
  try {
    const contenders = [];
    for (const network of loaded) {
      const running = await network.open(threads);
      opened.push(running);
      contenders.push({ name: network.name, run: () => running.run() });
    }
    onEvent({ type: 'started', rounds: rounds + 1 });
    const timings = await alternate(contenders, rounds, () => onEvent({ type: 'round' }));
    return new Map(loaded.map(({ name, batch }) => [name, median(timings.get(name)!) / batch]));
  } finally {
    for (const running of opened) await running[Symbol.asyncDispose]();
  }
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
 * Compares the cost of networks and their time for one image, in alternating rounds.
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
  if (data !== undefined && report === undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `data ${data}: AP is for the report; set its folder with report`,
    );
  }
  if (report !== undefined) await checkFolder(report);
  const loaded = await load(options.networks, size);
  const times = rounds > 0 ? await timeNetworks(loaded, rounds, threads, onEvent) : new Map<string, number>();
  const compared = loaded.map(({ name, input, cost, accuracy }): ComparedNetwork => {
    const milliseconds = times.get(name);
    return {
      name,
      input,
      ...cost,
      ...(milliseconds === undefined ? {} : { milliseconds }),
      ...(accuracy === undefined ? {} : { accuracy }),
    };
  });
  if (chart !== undefined) await drawComparison(compared, chart);
  if (report !== undefined) {
    const files = new Map<string, string>();
    for (const name of options.networks)
      if (await isFile(await modelFile(name))) files.set(name, await modelFile(name));
    await reportComparison(compared, files, { report, data });
  }
  return compared;
}
