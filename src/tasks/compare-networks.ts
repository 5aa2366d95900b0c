import type { Size } from '../boxes/formats.ts';
import { checkOptions, type OptionKinds } from '../check-options.ts';
import { checkRange } from '../check-range.ts';
import { drawLineChart, POINT_SHAPES } from '../drawing/chart.ts';
import { classColor } from '../drawing/palette.ts';
import { checkPicture, saveCanvas } from '../drawing/save.ts';
import { MicroYoloError } from '../errors.ts';
import { compileModel } from '../inference/compile.ts';
import { sizedNetwork } from '../inference/load-sized.ts';
import { median } from '../median.ts';
import { IMAGE_INPUT } from '../model/forward.ts';
import { initializeWeights } from '../model/initialize.ts';
import { loadNetwork } from '../model/load.ts';
import { DEFAULT_RECIPE } from '../model/model.ts';
import { type Cost, networkCost } from '../network/cost.ts';
import type { Network } from '../network/layers.ts';
import { alternate } from '../runtime/alternate.ts';
import { createSession, type Session } from '../runtime/node.ts';

export interface CompareOptions {
  /** Model files or registered names, two at least. */
  readonly networks: readonly string[];
  /** Input size in pixels: a side or width and height. @default each network's own */
  readonly size?: number | Size | undefined;
  /** Rounds of six runs each that times are the median of; 0 leaves them out. @default 10 */
  readonly rounds?: number | undefined;
  /** CPU threads. @default all cores */
  readonly threads?: number | undefined;
  /** Picture to draw: time against multiply-accumulates. @default none */
  readonly chart?: string | undefined;
}

const KINDS: OptionKinds<CompareOptions> = {
  networks: 'required strings',
  size: 'size',
  rounds: 'number',
  threads: 'number',
  chart: 'string',
};

export const COMPARE_DEFAULTS = { rounds: 10 } as const satisfies Partial<CompareOptions>;

export type CompareEvent = { readonly type: 'started'; readonly rounds: number } | { readonly type: 'round' };

/** A network's cost, and what it takes where this runs, for one image. */
export interface ComparedNetwork extends Cost {
  readonly name: string;
  readonly input: Size;
  /** Largest sum of feature maps alive at once, in elements. */
  readonly activationMemory: number;
  /** Median milliseconds of the network alone on the CPU; none where it was not timed. */
  readonly milliseconds?: number;
  /** What the model's file says of its evaluation, `AP 0.123, AP50 0.345 (val)`. */
  readonly accuracy?: string;
}

interface Loaded {
  readonly name: string;
  readonly accuracy: string | undefined;
  readonly network: Network;
}

async function load(names: readonly string[], size: number | Size | undefined): Promise<readonly Loaded[]> {
  if (names.length < 2) {
    throw new MicroYoloError(
      'invalid-argument',
      `networks ${JSON.stringify(names.join(', '))}: expected two at least to compare`,
    );
  }
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw new MicroYoloError(
      'invalid-argument',
      `network ${JSON.stringify(repeated)}: given twice; name each network once`,
    );
  }
  const loaded: Loaded[] = [];
  for (const name of names) {
    const { network, provenance } = await loadNetwork(name);
    loaded.push({
      name,
      accuracy: provenance?.['accuracy'],
      network: sizedNetwork(network, size),
    });
  }
  return loaded;
}

/** A session with random weights, which take the time that trained ones take. */
async function openSession(network: Network, threads: number | undefined): Promise<Session> {
  const weights = initializeWeights(network, 1);
  return createSession(
    compileModel({ network, weights, classes: [], recipe: DEFAULT_RECIPE, provenance: {} }),
    { threads },
  );
}

async function timeNetworks(
  loaded: readonly Loaded[],
  rounds: number,
  threads: number | undefined,
  onEvent: (event: CompareEvent) => void,
): Promise<ReadonlyMap<string, number>> {
  const sessions: Session[] = [];
  try {
    const contenders = [];
    for (const { name, network } of loaded) {
      const session = await openSession(network, threads);
      sessions.push(session);
      const [channels, height, width] = network.input;
      const data = Uint8Array.from({ length: channels * height * width }, (_, i) => (i * 2654435761) >>> 24);
      const feeds = { [IMAGE_INPUT]: { shape: [1, height, width, channels], data } };
      contenders.push({ name, run: () => session.run(feeds) });
    }
    onEvent({ type: 'started', rounds: rounds + 1 });
    const timings = await alternate(contenders, rounds, () => onEvent({ type: 'round' }));
    return new Map([...timings].map(([name, times]) => [name, median(times)]));
  } finally {
    for (const session of sessions) await session[Symbol.asyncDispose]();
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
 * Compares what networks cost and how long they take, one image at a time, in alternating rounds.
 * @throws MicroYoloError where a network is unknown or does not fit the size, or the picture cannot be written
 */
export async function compareNetworks(
  options: CompareOptions,
  onEvent: (event: CompareEvent) => void = () => {},
): Promise<readonly ComparedNetwork[]> {
  checkOptions('compareNetworks options', options, KINDS);
  const { size, rounds = COMPARE_DEFAULTS.rounds, threads, chart } = options;
  checkRange('rounds', rounds, 0, 10_000, true);
  if (threads !== undefined) checkRange('threads', threads, 1, 1024, true);
  if (chart !== undefined) {
    if (rounds === 0) {
      throw new MicroYoloError(
        'invalid-argument',
        'chart: shows times, but rounds 0 takes none; leave one out',
      );
    }
    await checkPicture(chart);
  }
  const loaded = await load(options.networks, size);
  const times = rounds > 0 ? await timeNetworks(loaded, rounds, threads, onEvent) : new Map<string, number>();
  const compared = loaded.map(({ name, network, accuracy }): ComparedNetwork => {
    const { layers: _, ...cost } = networkCost(network);
    const [, height, width] = network.input;
    const milliseconds = times.get(name);
    return {
      name,
      input: { width, height },
      ...cost,
      ...(milliseconds === undefined ? {} : { milliseconds }),
      ...(accuracy === undefined ? {} : { accuracy }),
    };
  });
  if (chart !== undefined) await drawComparison(compared, chart);
  return compared;
}
