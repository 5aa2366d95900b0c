import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Tensor, Tensors } from '../../graph/operations.ts';
import { networkCost } from '../../network/cost.ts';
import type { Network } from '../../network/layers.ts';
import { inferShapes } from '../../network/shapes.ts';
import { METHODS } from '../../options/decompose.ts';
import { allocate } from './allocate.ts';
import { type CostKind, factorCost, kernelCost } from './factor-cost.ts';
import { factorNames, withLayers } from './factor-layers.ts';
import type { Choice, Decomposable, Method, SplitLayer, Splitter } from './kernel.ts';
import { outputScale } from './output-scale.ts';
import { product } from './product.ts';
import { methodsOf, splitter } from './splitters.ts';

export interface DecomposerOptions {
  /** Channels per block in the runtime's layout. Ranks are multiples of it. */
  readonly block: number;
  readonly cost: CostKind;
  /** Methods that may be used. @default all */
  readonly methods?: readonly Method[] | undefined;
  /** Called with each layer before its kernel is decomposed, which may take seconds. */
  readonly onLayer?: ((layer: string) => void) | undefined;
}

/** A layer that was decomposed. */
export interface DecomposedLayer {
  /** Its name, which is also that of the last factor. */
  readonly layer: string;
  /** Method that splits its kernel. */
  readonly method: Method;
  /** Channels between the factors. */
  readonly ranks: readonly number[];
  /** Share of the kernel's energy that is lost, 0–1. */
  readonly lost: number;
}

interface Part {
  readonly split: SplitLayer;
  readonly splitters: readonly Splitter[];
  readonly choices: readonly Choice[];
  /** Weight of the loss, if all of the kernel's energy were lost. */
  readonly weight: number;
}

/** Replaces large kernels of a network by products of smaller ones. */
export class Decomposer<Model extends Decomposable> {
  readonly #model: Model;
  readonly #options: DecomposerOptions;
  #parts: readonly Part[];

  /**
   * Decomposes every kernel that can be made cheaper. This takes up to a minute for large networks.
   * @throws MicroYoloError `unsupported` if there is none
   */
  constructor(model: Model, options: DecomposerOptions) {
    this.#model = model;
    this.#options = options;
    const { block, cost, methods = METHODS, onLayer } = options;
    const shapes = inferShapes(model.network);
    this.#parts = model.network.layers.flatMap((layer): Part[] => {
      if (layer.type !== 'conv' && layer.type !== 'dense') return [];
      const weight = model.weights.get(`${layer.name}.weight`)!;
      const input = shapes.get(layer.inputs[0]!)!;
      const split = { layer, input, weight, outputScale: outputScale(model, layer.name) };
      const whole = kernelCost(split, cost);
      const possible = methodsOf(layer).filter(
        (method) => methods.includes(method) && factorCost(split, method, [block, block], cost) < whole,
      );
      if (possible.length === 0) return [];
      onLayer?.(layer.name);
      const splitters = possible.map((method) => splitter(method, split));
      const choices = splitters
        .flatMap((each) => each.choices(block))
        .filter(({ method, ranks }) => factorCost(split, method, ranks, cost) < whole);
      return choices.length === 0 ? [] : [{ split, splitters, choices, weight: 1 }];
    });
    if (this.#parts.length === 0) {
      throw new MicroYoloError(
        'unsupported',
        `${model.network.name}: no kernel can be split by ${methods.join(', ')} into cheaper ones of ${block} channels or more; allow other methods, or prune it`,
      );
    }
  }

  /** Layers that may be decomposed. */
  get layers(): readonly string[] {
    return this.#parts.map(({ split }) => split.layer.name);
  }

  /**
   * Measures how much each layer's loss matters. Without this, all layers have equal weight.
   * @param damage returns the damage to a network in which one kernel has lost some of its energy
   */
  async weigh(damage: (weights: Tensors, layer: string) => Promise<number>): Promise<void> {
    const { cost } = this.#options;
    const parts: Part[] = [];
    for (const part of this.#parts) {
      const { split, choices } = part;
      const half = kernelCost(split, cost) / 2;
      const costOf = ({ method, ranks }: Choice) => factorCost(split, method, ranks, cost);
      const cheap = choices.filter((choice) => costOf(choice) <= half);
      const probe = (cheap.length > 0 ? cheap : choices).reduce((a, b) => (b.lost < a.lost ? b : a));
      const name = `${split.layer.name}.weight`;
      const kernel = this.#approximate(part, probe);
      const found = await damage(new Map([...this.#model.weights, [name, kernel]]), split.layer.name);
      parts.push({ ...part, weight: probe.lost > 0 ? found / probe.lost : 1 });
    }
    this.#parts = parts;
  }

  #approximate({ split, splitters }: Part, { method, ranks }: Choice): Tensor {
    const chosen = splitters.find((each) => each.method === method)!;
    return product(
      chosen.factors(ranks, (part) => part),
      split,
    );
  }

  /**
   * Returns the network at a share of its cost.
   * @param share 0–1
   * @throws MicroYoloError `invalid-argument` if this cost cannot be reached, or is not below the current cost
   */
  decompose(share: number): { readonly model: Model; readonly layers: readonly DecomposedLayer[] } {
    const { cost } = this.#options;
    const whole = costIn(this.#model.network, cost);
    const kernels = this.#parts.map(({ split }) => kernelCost(split, cost));
    const fixed = whole - kernels.reduce((sum, value) => sum + value, 0);
    const ways = this.#parts.map((part, place) => [
      { cost: kernels[place]!, loss: 0, part, choice: undefined },
      ...part.choices.map((choice) => ({
        cost: factorCost(part.split, choice.method, choice.ranks, cost),
        loss: part.weight * choice.lost,
        ...{ part, choice },
      })),
    ]);
    const chosen = allocate(ways, share * whole - fixed);
    if (!chosen) {
      const least = ways.reduce((sum, each) => sum + Math.min(...each.map((way) => way.cost)), fixed);
      throw new MicroYoloError(
        'invalid-argument',
        `${cost} ${share}: ${this.#model.network.name} with the smallest factors still has ${(least / whole).toFixed(3)} of its ${cost}; expected more than that`,
        { field: cost, received: share },
      );
    }
    return this.#build(chosen.flatMap(({ part, choice }) => (choice ? [{ part, choice }] : [])));
  }

  #build(chosen: readonly { readonly part: Part; readonly choice: Choice }[]) {
    let { network } = this.#model;
    const weights = new Map(this.#model.weights);
    for (const { part, choice } of chosen) {
      const { name } = part.split.layer;
      const factors = part.splitters
        .find(({ method }) => method === choice.method)!
        .factors(choice.ranks, factorNames(network, name));
      network = withLayers(network, name, factors.layers);
      for (const [key, tensor] of factors.weights) weights.set(key, tensor);
    }
    return {
      model: { ...this.#model, network, weights },
      layers: chosen.map(({ part, choice }) => ({ layer: part.split.layer.name, ...choice })),
    };
  }
}

/** Returns a network's total cost. */
export function costIn(network: Network, kind: CostKind): number {
  const { parameters, macs } = networkCost(network);
  return kind === 'macs' ? macs : parameters.trainable;
}
