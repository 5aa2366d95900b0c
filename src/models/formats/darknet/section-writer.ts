import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { INPUT } from '../../../network/layers.ts';

/** A convolution's values, in the order of the weights file. */
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

/** Collects the sections of a `.cfg` and the values of its weights file. A section reads the previous one. */
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

  /** Appends a convolution with its values. */
  convolution(keys: Keys, { bias, norm, weight }: ConvolutionValues): void {
    this.add('convolutional', { ...(norm ? { batch_normalize: 1 } : {}), ...keys });
    this.values.push(bias, ...(norm ? [norm.scale, norm.mean, norm.variance] : []), weight);
  }

  /** Records which layers the last section computes. */
  gives(...layers: readonly string[]): void {
    for (const layer of layers) this.#places.set(layer, this.sections.length - 1);
  }

  /** Records that a layer equals another one, and needs no section. */
  alias(layer: string, source: string): void {
    this.#places.set(layer, this.#places.get(source)!);
  }

  /** Whether a layer is the output of the last section, which the next one reads. */
  isLast(layer: string): boolean {
    return this.#places.get(layer) === this.sections.length - 1;
  }

  /** Relative index of an earlier layer for the next section: −1 is the previous section. */
  from(layer: string): number {
    const place = this.#places.get(layer)!;
    if (place < 0) {
      throw new MicroYoloError('unsupported', `layer ${layer}: a Darknet section cannot refer to the image`);
    }
    return place - this.sections.length;
  }

  /** Makes a layer the input of the next section. */
  read(layer: string): void {
    if (!this.isLast(layer)) this.add('route', { layers: this.from(layer) });
  }
}
