import { readFileSync } from 'node:fs';
import type { Tensor, Tensors } from '../../../src/graph/operations.ts';
import type { ForwardMode } from '../../../src/models/forward/forward.ts';

/** Made by scripts/goldens/layers.py; tensors are indices into the file's table. */
interface LayersGolden {
  readonly tensors: readonly { readonly shape: number[]; readonly data: string }[];
  readonly cases: readonly {
    readonly title: string;
    readonly mode: ForwardMode;
    readonly network: unknown;
    readonly weights: Readonly<Record<string, number>>;
    readonly inputs: Readonly<Record<string, number>>;
    readonly outputs: Readonly<Record<string, number>>;
  }[];
}

const file = new URL('fixtures/layers.json', import.meta.url);
const { tensors, cases } = JSON.parse(readFileSync(file, 'utf8')) as LayersGolden;

export const layerCases = cases;

function tensorAt(index: number): Tensor {
  const { shape, data } = tensors[index]!;
  return { shape, data: new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer) };
}

export const tensorsOf = (indices: Readonly<Record<string, number>>): Tensors =>
  new Map(Object.entries(indices).map(([name, index]) => [name, tensorAt(index)]));
