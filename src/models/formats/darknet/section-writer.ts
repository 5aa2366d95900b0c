import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { INPUT } from '../../../network/layers.ts';

/** A convolution's numbers, in the order of the weights file. */
export interface ConvolutionValues {
  readonly bias: Float32Array;
  readonly norm?: {
    readonly scale: Float32Array;
    readonly mean: Float32Array;
    readonly variance: Float32Array;
  };
  readonly weight: Float32Array;
}

type Keys = Readonly<Record<string, string | number | readonly number[]>>;

/** Collects the sections of a `.cfg` and the numbers of its weights file. A section reads the one before it. */
export class SectionWriter {
  readonly sections: { readonly type: string; readonly entries: ReadonlyMap<string, string> }[] = [];
  readonly values: Float32Array[] = [];
  readonly #places = new Map<string, number>([[INPUT, -1]]);

  /** Appends a section. */
  add(type: string, keys: Keys = {}): void {
    this.sections.push({
      type,
      entries: new Map(Object.entries(keys).map(([key, value]) => [key, String(value)])),
    });
  }

  /** Appends a convolution with its numbers. */
  convolution(keys: Keys, { bias, norm, weight }: ConvolutionValues): void {
    this.add('convolutional', { ...(norm ? { batch_normalize: 1 } : {}), ...keys });
    this.values.push(bias, ...(norm ? [norm.scale, norm.mean, norm.variance] : []), weight);
  }

  /** Says which layers the last section computes. */
  gives(...layers: readonly string[]): void {
    for (const layer of layers) this.#places.set(layer, this.sections.length - 1);
  }

  /** Says that a layer is another one, which needs no section. */
  alias(layer: string, source: string): void {
    this.#places.set(layer, this.#places.get(source)!);
  }

  /** Whether a layer is what the next section reads. */
  isLast(layer: string): boolean {
    return this.#places.get(layer) === this.sections.length - 1;
  }

  /** Place of an earlier layer as the next section names it: −1 is the section before. */
  from(layer: string): number {
    const place = this.#places.get(layer)!;
    if (place < 0) {
      throw new MicroYoloError('unsupported', `layer ${layer}: a Darknet section cannot refer to the image`);
    }
    return place - this.sections.length;
  }

  /** Makes a layer the one that the next section reads. */
  read(layer: string): void {
    if (!this.isLast(layer)) this.add('route', { layers: this.from(layer) });
  }
}
