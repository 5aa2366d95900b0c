import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MicroYoloError, systemErrorCode } from '../../foundation/errors/errors.ts';
import { uniformRandom } from '../../foundation/random.ts';
import { alternate, type Contender, medianRatio } from '../../foundation/timing/alternate.ts';
import { median } from '../../foundation/timing/median.ts';
import { compileModel } from '../../models/compile/compile.ts';
import type { Model } from '../../models/model.ts';
import { ImageNetwork } from '../../models/running/image-network.ts';

/** Another package that runs the same network. */
export interface PeerBenchmark {
  /** Name and version: `OpenCV 4.11.0`. */
  readonly name: string;
  /** Median time of the network alone, in milliseconds. */
  readonly median: number;
  /** Its time divided by this library's. */
  readonly ratio: number;
  /** Largest difference between its outputs and this library's, relative to max(1, |value|). */
  readonly difference: number;
}

/** Times of a network in this library and in other packages. */
export interface PeersBenchmark {
  /** Median time of this library's network alone, in milliseconds. */
  readonly own: number;
  /** Installed packages. */
  readonly peers: readonly PeerBenchmark[];
  /** Packages that could not be timed, with the reason. */
  readonly missing: readonly string[];
}

/** Largest allowed difference of outputs. A larger one means that the peer computes another network. */
const MOST_DIFFERENCE = 0.01;

/** A Python process that answers in lines of JSON and exits at the end of its input. */
class PeerProcess implements AsyncDisposable {
  readonly #child;
  readonly #lines: AsyncIterator<string>;
  readonly #closed: Promise<void>;
  #failure: Error | undefined;

  constructor(args: readonly string[]) {
    const python = process.env['PYTHON'] ?? 'python3';
    this.#child = spawn(python, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child.stdin.on('error', () => {});
    this.#closed = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#failure = error;
        resolve();
      });
      this.#child.on('close', () => resolve());
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async answer<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (!done) return JSON.parse(value) as T;
    await this.#closed;
    const why = systemErrorCode(this.#failure) === 'ENOENT' ? 'there is no python3' : 'it ended';
    throw new MicroYoloError(
      'unsupported',
      `compare: Python does not answer (${why}); set PYTHON to an interpreter with the other packages`,
    );
  }

  ask<T>(line: string): Promise<T> {
    this.#child.stdin.write(`${line}\n`);
    return this.answer<T>();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    await this.#closed;
  }
}

function largestDifference(ours: Float32Array, theirs: Float32Array): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < ours.length; i++)
    largest = Math.max(largest, Math.abs(ours[i]! - theirs[i]!) / Math.max(1, Math.abs(ours[i]!)));
  return largest;
}

async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/**
 * Times a network here and in Python with OpenCV, OpenVINO, ONNX Runtime and PyTorch, as far as they are installed. All
 * run the same ONNX file in alternation. Their outputs are compared first.
 * @throws MicroYoloError `unsupported` without Python, `invalid-file` if a peer computes something else
 */
export async function comparePeers(
  model: Model,
  { threads, rounds }: { readonly threads: number; readonly rounds: number },
): Promise<PeersBenchmark> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-yolo-'));
  try {
    await using network = await ImageNetwork.open(model, { threads });
    const { width, height } = network.input;
    const random = uniformRandom(1);
    const pixels = Uint8Array.from({ length: 3 * width * height }, () => 256 * random());
    await writeFile(join(folder, 'model.onnx'), compileModel(model));
    await writeFile(join(folder, 'pixels'), pixels);
    const script = fileURLToPath(new URL('../../../scripts/peers/onnx_network.py', import.meta.url));
    await using python = new PeerProcess([script, folder, String(width), String(height), String(threads)]);
    const { peers, missing } = await python.answer<{ peers: string[]; missing: string[] }>();
    const ours = Object.entries(await network.run(pixels)).sort(([a], [b]) => (a < b ? -1 : 1));
    const differences = new Map<string, number>();
    for (const [place, name] of peers.entries()) {
      await python.ask(`write ${place}`);
      const differs = await Promise.all(
        ours.map(async ([output, { data }]) =>
          largestDifference(data as Float32Array, await readFloats(join(folder, output))),
        ),
      );
      const difference = Math.max(...differs);
      if (difference > MOST_DIFFERENCE) {
        throw new MicroYoloError(
          'invalid-file',
          `compare: ${name} computes different results (difference ${difference}), so its time cannot be compared`,
        );
      }
      differences.set(name, difference);
    }
    const contenders: Contender[] = peers.map((name, place) => ({
      name,
      run: () => python.ask(`run ${place}`),
    }));
    const timings = await alternate([{ name: 'own', run: () => network.run(pixels) }, ...contenders], rounds);
    return {
      own: median(timings.get('own')!),
      peers: peers.map((name) => ({
        name,
        median: median(timings.get(name)!),
        ratio: medianRatio(timings, name, 'own'),
        difference: differences.get(name)!,
      })),
      missing,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
