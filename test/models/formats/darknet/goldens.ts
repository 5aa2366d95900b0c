/** Reads what scripts/goldens/darknet.py wrote, and runs our network on the same input. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Candidates } from '../../../../src/boxes/candidates.ts';
import { decodeHead, type HeadOutput } from '../../../../src/boxes/decode-heads.ts';
import { encodeOnnx } from '../../../../src/executors/onnx/file.ts';
import { lowerPlain } from '../../../../src/executors/onnx/plain/lower.ts';
import { createSession } from '../../../../src/executors/onnx/session/session.ts';
import { elementCount } from '../../../../src/foundation/element-count.ts';
import type { Tensor, Tensors } from '../../../../src/graph/operations.ts';
import { foldConvolutions } from '../../../../src/graph/passes/fold.ts';
import { type DarknetNetwork, readDarknetNetwork } from '../../../../src/models/formats/darknet/network.ts';
import { darknetOrder, readDarknetWeights } from '../../../../src/models/formats/darknet/weights.ts';
import { forward } from '../../../../src/models/forward/forward.ts';
import { IMAGE_INPUT } from '../../../../src/models/forward/photograph.ts';
import { type Network, outputLayers } from '../../../../src/network/layers.ts';
import { networkParameters } from '../../../../src/network/parameters.ts';

const fixtures = join(import.meta.dirname, 'fixtures');

export interface GoldenOutput {
  readonly layer: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** Positions of the rows among all rows of the head, if some are left out. */
  readonly rows?: readonly number[];
  readonly suppression?: {
    readonly iouThreshold: number;
    readonly scoreThreshold: number;
    /** [row, class] */
    readonly kept: readonly (readonly [number, number])[];
  };
}

export interface Golden {
  readonly seed?: number;
  readonly outputs: readonly GoldenOutput[];
}

export function readGolden(name: string): Golden {
  const { outputs, ...rest } = JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8'));
  return {
    ...rest,
    outputs: outputs.map((output: { values: string }) => ({
      ...output,
      values: new Float32Array(new Uint8Array(Buffer.from(output.values, 'base64')).buffer),
    })),
  };
}

export function fixtureText(file: string): string {
  return readFileSync(join(fixtures, file), 'utf8');
}

export function fixtureBytes(file: string): Uint8Array {
  return readFileSync(join(fixtures, file));
}

export function fixtureNetwork(name: string): DarknetNetwork {
  return readDarknetNetwork(fixtureText(`${name}.cfg`), `${name}.cfg`);
}

export function fixtureModel(name: string): { network: Network; weights: Tensors } {
  const darknet = fixtureNetwork(name);
  const file = `${name}.weights`;
  return { network: darknet.network, weights: readDarknetWeights(fixtureBytes(file), darknet, file) };
}

/** Float32 in [−1, 1), the same as in the generator: MurmurHash3's finalizer of each index. */
export function noise(seed: number, count: number): Float32Array {
  const first = Math.imul(seed, 0x9e3779b1);
  return Float32Array.from({ length: count }, (_, index) => {
    let h = (first + index) | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 8) / 2 ** 23 - 1;
  });
}

/** Scale and offset of a tensor's noise, as in the generator's `hashed_weights`. */
function hashedRange(name: string, shape: readonly number[], normalized: boolean): readonly [number, number] {
  if (name.endsWith('.running_var')) return [0.5, 1];
  if (name.endsWith('.norm.weight')) return [0.25, 1];
  if (!name.endsWith('.conv.weight')) return [0.125, 0];
  return [Math.fround(Math.sqrt((normalized ? 6 : 1) / elementCount(shape.slice(1)))), 0];
}

/** Weights from noise only, for networks whose files are too large for the repository. */
export function hashedWeights(darknet: DarknetNetwork): Tensors {
  const shapes = new Map(networkParameters(darknet.network).map(({ name, shape }) => [name, shape]));
  return new Map(
    darknetOrder(darknet).map((name, seed): [string, Tensor] => {
      const shape = shapes.get(name)!;
      const normalized = !shapes.has(name.replace(/\.weight$/, '.bias'));
      const [scale, offset] = hashedRange(name, shape, normalized);
      const data = noise(seed, elementCount(shape)).map((value) => Math.fround(value * scale) + offset);
      return [name, { shape, data }];
    }),
  );
}

/** The input that a golden's seed generates. */
export function goldenInput({ seed }: Golden, { input }: Network): Float32Array {
  return noise(seed!, elementCount(input));
}

/** Runs a network in ONNX Runtime on its input [channels, height, width]; returns logits by output layer. */
export async function runNetwork(
  network: Network,
  weights: Tensors,
  input: Float32Array,
): Promise<ReadonlyMap<string, Tensor>> {
  const folded = foldConvolutions({ graph: forward(network, 'inference'), tensors: weights });
  await using session = await createSession(encodeOnnx(lowerPlain(folded, network.name)));
  const outputs = await session.run({ [IMAGE_INPUT]: { shape: [1, ...network.input], data: input } });
  return new Map(
    Object.entries(outputs).map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]),
  );
}

/** A head's logits in the form that `decodeHead` takes. */
export function headOutput(network: Network, name: string, { shape, data }: Tensor): HeadOutput {
  const layer = outputLayers(network).find((output) => output.name === name)!;
  if (layer.type === 'classes') throw new Error(`${name} is no head`);
  const [height, width] = [shape[2]!, shape[3]!];
  const form = layer.type === 'yolo' ? { scaleXY: layer.scaleXY } : { softmax: layer.softmax };
  const { type: kind, classes, anchors } = layer;
  return { kind, data, offset: 0, height, width, classes, anchors, ...form };
}

export function decode(head: HeadOutput, network: Network, scoreThreshold: number): Candidates {
  const [, inputHeight, inputWidth] = network.input;
  const candidates = new Candidates();
  decodeHead(head, { inputWidth, inputHeight, scoreThreshold }, candidates);
  return candidates;
}

/** Position in OpenCV's rows (order y, x, anchor) of a position in ours (order anchor, y, x). */
export function openCvRow(head: HeadOutput, ours: number): number {
  const area = head.height * head.width;
  return (ours % area) * head.anchors.length + Math.floor(ours / area);
}

/** Decodes a head into OpenCV's form: rows with center, size (relative to the input's), objectness, class scores. */
export function openCvRows(head: HeadOutput, network: Network): Float32Array {
  const { data, classes, height, width, anchors } = head;
  const [, inputHeight, inputWidth] = network.input;
  const { boxes, scores, count } = decode(head, network, 0);
  const area = height * width;
  const places = anchors.length * area;
  if (count !== places * classes) throw new Error(`${count} boxes, expected ${places * classes}`);
  const rows = new Float32Array(places * (5 + classes));
  for (let place = 0; place < places; place++) {
    const [left, top, right, bottom] = boxes.subarray(4 * place * classes, 4 * place * classes + 4);
    const anchor = Math.floor(place / area);
    const objectness = data[(anchor * (5 + classes) + 4) * area + (place % area)]!;
    const row = [
      (left! + right!) / 2 / inputWidth,
      (top! + bottom!) / 2 / inputHeight,
      (right! - left!) / inputWidth,
      (bottom! - top!) / inputHeight,
      1 / (1 + Math.exp(-objectness)),
      ...scores.subarray(place * classes, (place + 1) * classes),
    ];
    rows.set(row, openCvRow(head, place) * (5 + classes));
  }
  return rows;
}

/** The rows of a head that a golden has. */
export function selectRows(values: Float32Array, columns: number, rows: readonly number[]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => [...values.subarray(row * columns, (row + 1) * columns)]));
}

/** Largest |ours − theirs| / max(1, |theirs|); Infinity if they differ in length or one is NaN. */
export function largestDifference(ours: Float32Array, theirs: Float32Array): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  return theirs.reduce((largest, value, index) => {
    const difference = Math.abs(ours[index]! - value) / Math.max(1, Math.abs(value));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
  }, 0);
}
