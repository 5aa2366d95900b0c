import type { Graph, Node, Value } from '../../../graph/operations.ts';
import { OnnxEmitter } from '../emitter.ts';
import type { BlockedMap } from './channels.ts';
import { blockMap, packKernel, paddedChannels, plainMap, unpackKernel } from './layout.ts';
import { type BlockedPlan, planBlocks } from './plan.ts';

export type Shape4 = readonly [number, number, number, number];

/** Where a value stands in the model: in one way at least. */
interface Forms {
  readonly plain?: string;
  /** A map in blocks. */
  readonly blocked?: string;
  /** A packed weight. */
  readonly kernel?: string;
}

/**
 * The values of a graph that is being lowered, each in the ways that it stands in the model so far; another
 * way is made when asked for. Values in blocks are zero in the channels that only fill up the last block.
 */
export class BlockedValues {
  readonly block: number;
  readonly plan: BlockedPlan;
  readonly to = new OnnxEmitter();
  /** Nodes that came along with an earlier one. */
  readonly done = new Set<Node>();
  readonly #forms = new Map<number, Forms>();

  constructor(graph: Graph, block: number) {
    this.block = block;
    this.plan = planBlocks(graph, block);
    for (const { name, value } of [...graph.inputs, ...graph.parameters]) {
      this.set(value, this.plan.kernels.has(value.id) ? { kernel: name } : { plain: name });
    }
  }

  set({ id }: Value, forms: Forms): void {
    this.#forms.set(id, { ...this.#forms.get(id), ...forms });
  }

  /** The ways in which a value stands already. */
  of({ id }: Value): Forms {
    return this.#forms.get(id) ?? {};
  }

  plain(value: Value): string {
    const { plain, blocked, kernel } = this.of(value);
    if (plain !== undefined) return plain;
    const name =
      blocked !== undefined
        ? plainMap(this.to, blocked, value.shape[1] as number)
        : unpackKernel(this.to, kernel!, this.plan.kernels.get(value.id)!);
    this.set(value, { plain: name });
    return name;
  }

  /** A packed weight. */
  kernel(value: Value): string {
    const { plain, kernel } = this.of(value);
    if (kernel !== undefined) return kernel;
    const name = packKernel(this.to, plain!, this.plan.kernels.get(value.id)!);
    this.set(value, { kernel: name });
    return name;
  }

  /** A map in blocks. */
  map(value: Value): BlockedMap {
    let { blocked } = this.of(value);
    if (blocked === undefined) {
      blocked = blockMap(this.to, this.plain(value), value.shape[1] as number, this.block);
      this.set(value, { blocked });
    }
    return { name: blocked, shape: this.padded(value), block: this.block };
  }

  /** A vector [C] with zeros for the channels that fill up the last block. */
  vector(value: Value): string {
    const [channels] = value.shape as [number];
    return this.to.pad(this.plain(value), [0], [paddedChannels(channels, this.block) - channels]);
  }

  /** A map's shape with the channels that fill up the last block. */
  padded(value: Value): Shape4 {
    const [batch, channels, height, width] = value.shape as Shape4;
    return [batch, paddedChannels(channels, this.block), height, width];
  }

  /** Whether a map's channels are whole blocks. */
  isFilled({ shape }: Value): boolean {
    return (shape[1] as number) % this.block === 0;
  }

  /** Whether a value is a map that already lies in blocks. */
  isBlocked(value: Value): boolean {
    return this.of(value).blocked !== undefined;
  }

  /** The node that alone reads a value, which is no output. */
  onlyReader({ id }: Value): Node | undefined {
    const readers = this.plan.readers.get(id) ?? [];
    return readers.length === 1 && !this.plan.outputs.has(id) ? readers[0] : undefined;
  }
}
