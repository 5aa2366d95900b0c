import type { Graph, Node, Operation, Value } from '../../graph/operations.ts';
import { OnnxEmitter } from '../emitter.ts';
import type { LoweredStep, Packing } from '../lowered-step.ts';
import { lowerNode } from '../plain/lower.ts';
import { type BlockedMap, type FusedActivation, pixelSums } from './channels.ts';
import { type FilterForm, FORMS, filterForms } from './conv-grad-filter.ts';
import { conv, convGradInput } from './convolution.ts';
import {
  blockMap,
  type KernelLayout,
  kernelPacking,
  NCHWC,
  packedShape,
  packKernel,
  paddedChannels,
  plainMap,
  unpackKernel,
} from './layout.ts';
import { batchNormGrad, batchNormTraining, leakyReluGrad } from './normalization.ts';
import { type BlockedPlan, isElementwise, isMap, layoutOf, planBlocks } from './plan.ts';
import { tiledMaxPoolGrad, upsample } from './pooling.ts';

/** Which form computes each gradient, by `gradientKey`. Part of a run: another form rounds otherwise. */
export type Choices = Readonly<Record<string, FilterForm>>;

/** Where a value stands in the model: in one way at least. */
interface Forms {
  plain?: string;
  /** A map in blocks. */
  blocked?: string;
  /** A packed weight. */
  kernel?: string;
}

export interface BlockedStep extends LoweredStep {
  /** The form that computes each gradient which has several. */
  readonly choices: Choices;
  readonly possible: Readonly<Record<string, readonly FilterForm[]>>;
}

type Shape4 = readonly [number, number, number, number];

/** What distinguishes the gradients of filters that may need different forms. */
export function gradientKey({ operation, inputs, outputs }: Node): string {
  if (operation.op !== 'convGradFilter') return '';
  const { stride, groups } = operation;
  return `filter ${outputs[0]!.shape.join('×')} of ${inputs[0]!.shape.join('×')}, stride ${stride}, groups ${groups}`;
}

/**
 * Lowers a graph to ONNX Runtime's blocked layout where it pays, and to plain operations elsewhere. Values in
 * blocks are zero in the channels that only fill up the last block.
 */
class BlockedLowering {
  readonly #graph: Graph;
  readonly #block: number;
  readonly #choices: Choices;
  readonly #plan: BlockedPlan;
  readonly #to = new OnnxEmitter();
  readonly #forms = new Map<number, Forms>();
  /** Nodes that came along with an earlier one. */
  readonly #done = new Set<Node>();
  /** The form of each gradient that has several, and all it could have. */
  readonly chosen: Record<string, FilterForm> = {};
  readonly possible: Record<string, readonly FilterForm[]> = {};

  constructor(graph: Graph, block: number, choices: Choices) {
    this.#graph = graph;
    this.#block = block;
    this.#choices = choices;
    this.#plan = planBlocks(graph, block);
  }

  lower(): LoweredStep {
    const { kernels } = this.#plan;
    for (const { name, value } of [...this.#graph.inputs, ...this.#graph.parameters]) {
      this.#forms.set(value.id, kernels.has(value.id) ? { kernel: name } : { plain: name });
    }
    for (const node of this.#graph.nodes) {
      if (this.#done.has(node) || this.#blocked(node)) continue;
      const inputs = node.inputs.map((value) => this.#plain(value));
      lowerNode(this.#to, node, inputs).forEach((name, index) => {
        this.#set(node.outputs[index]!, { plain: name });
      });
    }
    const model = this.#to.model(
      this.#graph,
      new Map(),
      'training step',
      ({ value }) => (kernels.has(value.id) ? this.#kernel(value) : this.#plain(value)),
      {},
      ({ id, shape }) => {
        const layout = kernels.get(id);
        return layout ? packedShape(layout) : shape;
      },
    );
    const packings = new Map<string, Packing>(
      this.#graph.parameters.flatMap(({ name, value }): [string, Packing][] => {
        const layout = kernels.get(value.id);
        return layout ? [[name, kernelPacking(layout)]] : [];
      }),
    );
    return { layout: 'blocked', model, packings };
  }

  #set({ id }: Value, forms: Forms): void {
    this.#forms.set(id, { ...this.#forms.get(id), ...forms });
  }

  #of({ id }: Value): Forms {
    return this.#forms.get(id) ?? {};
  }

  #plain(value: Value): string {
    const { plain, blocked, kernel } = this.#of(value);
    if (plain !== undefined) return plain;
    const name =
      blocked !== undefined
        ? plainMap(this.#to, blocked, value.shape[1] as number)
        : unpackKernel(this.#to, kernel!, this.#plan.kernels.get(value.id)!);
    this.#set(value, { plain: name });
    return name;
  }

  #kernel(value: Value): string {
    const { plain, kernel } = this.#of(value);
    if (kernel !== undefined) return kernel;
    const name = packKernel(this.#to, plain!, this.#plan.kernels.get(value.id)!);
    this.#set(value, { kernel: name });
    return name;
  }

  #padded(value: Value): Shape4 {
    const [batch, channels, height, width] = value.shape as Shape4;
    return [batch, paddedChannels(channels, this.#block), height, width];
  }

  #isFilled({ shape }: Value): boolean {
    return (shape[1] as number) % this.#block === 0;
  }

  /** A map in blocks, whatever form it has so far. */
  #map(value: Value): BlockedMap {
    let { blocked } = this.#of(value);
    if (blocked === undefined) {
      blocked = blockMap(this.#to, this.#plain(value), value.shape[1] as number, this.#block);
      this.#set(value, { blocked });
    }
    return { name: blocked, shape: this.#padded(value), block: this.#block };
  }

  /** Whether a value is a map that already lies in blocks. */
  #isBlocked(value: Value): boolean {
    return this.#of(value).blocked !== undefined;
  }

  /** The node that alone reads a value, which is no output. */
  #onlyReader({ id }: Value): Node | undefined {
    const readers = this.#plan.readers.get(id) ?? [];
    return readers.length === 1 && !this.#plan.outputs.has(id) ? readers[0] : undefined;
  }

  /** A vector [C] with zeros for the channels that fill up the last block. */
  #vector(value: Value): string {
    const [channels] = value.shape as [number];
    return this.#to.pad(this.#plain(value), [0], [paddedChannels(channels, this.#block) - channels]);
  }

  /** Lowers a node in blocks; false where it is better, or only, lowered plain. */
  #blocked(node: Node): boolean {
    const { operation, inputs, outputs } = node;
    const [x, second, third] = inputs as [Value, Value, Value];
    const [y] = outputs as [Value];
    const to = this.#to;
    switch (operation.op) {
      case 'conv':
        return this.#conv(node, operation);
      case 'convGradInput':
        return this.#convGradInput(node, operation);
      case 'convGradFilter':
        return this.#convGradFilter(node, operation);
      case 'batchNormTraining':
        return this.#isBlocked(x) && this.#batchNorm(node, operation.epsilon);
      case 'batchNormGrad': {
        const [, weight, mean, variance, dy] = inputs as [Value, Value, Value, Value, Value];
        if (!this.#isBlocked(x)) return false;
        const [dx, dweight, dbias] = batchNormGrad(
          to,
          operation.epsilon,
          this.#map(x),
          x.shape[1] as number,
          [this.#plain(weight), this.#plain(mean), this.#plain(variance), this.#map(dy).name],
        );
        this.#set(outputs[0]!, { blocked: dx });
        this.#set(outputs[1]!, { plain: dweight });
        this.#set(outputs[2]!, { plain: dbias });
        return true;
      }
      case 'leakyReluGrad':
        if (!this.#isBlocked(x)) return false;
        this.#set(y, { blocked: leakyReluGrad(to, operation.slope, this.#map(x), this.#map(second).name) });
        return true;
      case 'clipGrad':
        if (!this.#isBlocked(x) || !this.#isBlocked(second)) return false;
        this.#set(y, {
          blocked: lowerNode(to, node, [this.#map(x).name, this.#map(second).name])[0]!,
        });
        return true;
      case 'maxPool':
      case 'avgPool': {
        if (!this.#isBlocked(x) || !isMap(y)) return false;
        const { kernel, stride, padding } = operation;
        const window = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: padding };
        const type = operation.op === 'maxPool' ? 'MaxPool' : 'AveragePool';
        this.#set(y, { blocked: to.op(type, [this.#map(x).name], window, NCHWC) });
        return true;
      }
      case 'maxPoolGrad': {
        const { kernel, stride } = operation;
        const [height, width] = x.shape.slice(2) as [number, number];
        const [rows, columns] = second.shape.slice(2) as [number, number];
        const isTiled = kernel === stride && height === rows * stride && width === columns * stride;
        if (!isTiled || !this.#isBlocked(x) || !this.#isBlocked(second)) return false;
        const names = [this.#map(x).name, this.#map(second).name, this.#map(third).name] as const;
        this.#set(y, { blocked: tiledMaxPoolGrad(to, kernel, names) });
        return true;
      }
      case 'upsample':
        if (!this.#isBlocked(x)) return false;
        this.#set(y, { blocked: upsample(to, this.#map(x).name, operation.factor) });
        return true;
      case 'concat':
        if (operation.axis !== 1 || !isMap(y) || !inputs.every((input) => this.#isFilled(input)))
          return false;
        if (!inputs.some((input) => this.#isBlocked(input))) return false;
        this.#set(y, {
          blocked: to.op(
            'Concat',
            inputs.map((input) => this.#map(input).name),
            { axis: 1 },
          ),
        });
        return true;
      case 'split':
      case 'slice':
      case 'pad':
        return this.#channelRange(node, operation);
      case 'reduce':
        return this.#reduce(node, operation);
      case 'unary':
      case 'binary':
      case 'linear':
      case 'leakyRelu':
      case 'clip':
        return this.#elementwise(node);
      default:
        return false;
    }
  }

  #conv(node: Node, operation: Operation & { op: 'conv' }): boolean {
    const layout = layoutOf(node, this.#block);
    if (!layout) return false;
    const [x, weight, bias] = node.inputs as [Value, Value, Value | undefined];
    const source = layout.kind === 'thin' ? this.#plain(x) : this.#map(x).name;
    const shift = bias && this.#vector(bias);
    this.#set(node.outputs[0]!, {
      blocked: conv(this.#to, operation, source, this.#kernel(weight), layout, shift),
    });
    return true;
  }

  #convGradInput(node: Node, operation: Operation & { op: 'convGradInput' }): boolean {
    const layout = layoutOf(node, this.#block);
    if (!layout) return false;
    const [dy, weight] = node.inputs as [Value, Value];
    const [dx] = node.outputs as [Value];
    const name = convGradInput(
      this.#to,
      operation,
      this.#map(dy),
      this.#kernel(weight),
      layout,
      this.#padded(dx),
    );
    if (name === undefined) return false;
    this.#set(dx, { blocked: name });
    return true;
  }

  #convGradFilter(node: Node, operation: Operation & { op: 'convGradFilter' }): boolean {
    const layout = layoutOf(node, this.#block);
    if (!layout) return false;
    const [x, dy] = node.inputs as [Value, Value];
    const gradient = this.filterGradient(operation, layout, x, dy);
    const forms = filterForms(gradient);
    const key = gradientKey(node);
    const wanted = this.#choices[key];
    const form = wanted && forms.includes(wanted) ? wanted : forms[0];
    if (!form) return false;
    if (forms.length > 1) {
      this.chosen[key] = form;
      this.possible[key] = forms;
    }
    this.#set(node.outputs[0]!, { kernel: FORMS[form](this.#to, gradient) });
    return true;
  }

  filterGradient(operation: Operation & { op: 'convGradFilter' }, layout: KernelLayout, x: Value, dy: Value) {
    const to = this.#to;
    const lowering = this;
    const isThin = layout.kind === 'thin';
    return {
      operation,
      layout,
      xShape: isThin ? (x.shape as Shape4) : this.#padded(x),
      dy: this.#map(dy),
      // Made when a form asks: not every form needs both.
      get x(): string {
        if (isThin || lowering.#isFilled(x)) return lowering.#plain(x);
        return plainMap(to, lowering.#map(x).name, lowering.#padded(x)[1]);
      },
      get xBlocked(): string {
        return lowering.#map(x).name;
      },
    };
  }

  /** A batch norm, with the activation that alone reads it. */
  #batchNorm(node: Node, epsilon: number): boolean {
    const [x, weight, bias] = node.inputs as [Value, Value, Value];
    const [y, mean, variance] = node.outputs as [Value, Value, Value];
    const reader = this.#onlyReader(y);
    const activation = reader && fusedActivation(reader.operation);
    const [name, meanName, varianceName] = batchNormTraining(
      this.#to,
      epsilon,
      this.#map(x),
      x.shape[1] as number,
      [this.#plain(weight), this.#plain(bias)],
      activation,
    );
    this.#set(activation ? reader.outputs[0]! : y, { blocked: name });
    if (activation) this.#done.add(reader);
    this.#set(mean, { plain: meanName });
    this.#set(variance, { plain: varianceName });
    return true;
  }

  /** Whole blocks of channels, cut out or put back. */
  #channelRange(
    { inputs, outputs }: Node,
    operation: Operation & { op: 'split' | 'slice' | 'pad' },
  ): boolean {
    const [x] = inputs as [Value];
    const values = [x, ...outputs];
    if (operation.axis !== 1 || !values.every(isMap) || !values.every((value) => this.#isFilled(value)))
      return false;
    if (!this.#isBlocked(x)) return false;
    const to = this.#to;
    const { name } = this.#map(x);
    if (operation.op === 'split') {
      const { sizes } = operation;
      to.ops('Split', [name, to.integers(sizes)], sizes.length, { axis: 1 }).forEach((part, index) => {
        this.#set(outputs[index]!, { blocked: part });
      });
      return true;
    }
    if (operation.op === 'slice') {
      if (operation.start % this.#block !== 0) return false;
      this.#set(outputs[0]!, { blocked: to.slice(name, [1], [operation.start], [operation.end]) });
      return true;
    }
    if (operation.before % this.#block !== 0) return false;
    const padded = to.pad(name, [0, operation.before, 0, 0], [0, operation.after, 0, 0]);
    this.#set(outputs[0]!, { blocked: padded });
    return true;
  }

  #reduce({ inputs, outputs }: Node, operation: Operation & { op: 'reduce' }): boolean {
    const [x] = inputs as [Value];
    const [y] = outputs as [Value];
    const to = this.#to;
    const { kernel } = this.#of(x);
    if (kernel !== undefined && operation.function === 'sumOfSquares' && operation.axes.length === 4) {
      // In two stages: one running sum over millions of squares loses digits.
      const rows = to.op('ReduceSumSquare', [kernel], { axes: [1, 2, 3], keepdims: 1 });
      this.#set(y, { plain: to.sum(rows, [0], true) });
      return true;
    }
    if (!this.#isBlocked(x)) return false;
    const isSum = operation.function === 'sum' || operation.function === 'mean';
    const axes = operation.axes.join();
    if (!isSum || (axes !== '2,3' && axes !== '0,2,3')) return false;
    const [batch, channels, height, width] = x.shape as Shape4;
    const padded = this.#padded(x)[1];
    const all = axes === '0,2,3';
    const sums = pixelSums(to, this.#map(x));
    const total = all ? to.sum(sums, [0], true) : sums;
    const cut = padded === channels ? total : to.slice(total, [1], [0], [channels]);
    const count = height * width * (all ? batch : 1);
    const scaled = operation.function === 'mean' ? to.op('Mul', [cut, to.scalar(1 / count)]) : cut;
    this.#set(y, { plain: to.reshape(scaled, [all ? 1 : batch, channels, 1, 1]) });
    return true;
  }

  #elementwise(node: Node): boolean {
    const { inputs, outputs } = node;
    const [y] = outputs as [Value];
    const layout = this.#plan.kernels.get(y.id);
    if (isElementwise(node)) {
      const shape = y.shape.join();
      const own = (value: Value, name: (value: Value) => string) =>
        value.shape.join() === shape ? name(value) : this.#plain(value);
      if (layout) {
        const names = inputs.map((value) => own(value, (same) => this.#kernel(same)));
        this.#set(y, { kernel: lowerNode(this.#to, node, names)[0]! });
        return true;
      }
      const maps = inputs.filter((value) => value.shape.join() === shape);
      const isWorth = isMap(y) && maps.some((value) => this.#isBlocked(value));
      if (!isWorth || !(this.#isFilled(y) || keepsZero(node))) return false;
      const names = inputs.map((value) => own(value, (same) => this.#map(same).name));
      this.#set(y, { blocked: lowerNode(this.#to, node, names)[0]! });
      return true;
    }
    return this.#gate(node);
  }

  /** Each channel of each image times a number of its own, as squeeze and excitation has it. */
  #gate({ operation, inputs, outputs }: Node): boolean {
    if (operation.op !== 'binary' || operation.function !== 'multiply') return false;
    const [y] = outputs as [Value];
    const whole = inputs.find((value) => value.shape.join() === y.shape.join());
    const gate = inputs.find((value) => value !== whole);
    if (!whole || !gate || !isMap(y) || !this.#isBlocked(whole)) return false;
    const [batch, channels, height, width] = this.#padded(y);
    if (gate.shape.join() !== [batch, y.shape[1], 1, 1].join()) return false;
    const to = this.#to;
    const filled = to.pad(this.#plain(gate), [0, 0, 0, 0], [0, channels - (y.shape[1] as number), 0, 0]);
    const maps = batch * channels;
    const scaled = to.op(
      'Conv',
      [to.reshape(this.#map(whole).name, [1, maps, height, width]), to.reshape(filled, [maps, 1, 1, 1])],
      { kernel_shape: [1, 1], group: maps },
      NCHWC,
    );
    this.#set(y, { blocked: to.reshape(scaled, [batch, channels, height, width]) });
    return true;
  }
}

/** The activation that the convolution kernels can apply on the way out, for an operation. */
function fusedActivation(operation: Operation): FusedActivation | undefined {
  switch (operation.op) {
    case 'leakyRelu':
      return { type: 'LeakyRelu', parameters: [operation.slope] };
    case 'clip':
      return operation.min <= 0 && operation.max >= 0
        ? { type: 'Clip', parameters: [operation.min, operation.max] }
        : undefined;
    case 'unary':
      return operation.function === 'relu' ? { type: 'Relu', parameters: [] } : undefined;
    default:
      return undefined;
  }
}

/** Whether an element-wise operation gives 0 for zeros. */
function keepsZero({ operation, inputs, outputs }: Node): boolean {
  const isWhole = ({ shape }: Value) => shape.join() === outputs[0]!.shape.join();
  switch (operation.op) {
    case 'leakyRelu':
      return true;
    case 'clip':
      return operation.min <= 0 && operation.max >= 0;
    case 'linear':
      return operation.offset === 0;
    case 'unary':
      return ['relu', 'tanh', 'elu', 'selu', 'abs', 'arctan', 'sqrt'].includes(operation.function);
    case 'binary':
      if (operation.function === 'divide') return !isWhole(inputs[1]!);
      return operation.function === 'multiply' || inputs.every(isWhole);
    default:
      return false;
  }
}

/**
 * A training step in ONNX Runtime's blocked layout.
 * @param block channels in a block: `blockSize` asks the machine
 * @param choices of an earlier run; what it does not say is chosen by rule
 */
export function lowerBlockedStep(graph: Graph, block: number, choices: Choices = {}): BlockedStep {
  const lowering = new BlockedLowering(graph, block, choices);
  const step = lowering.lower();
  return { ...step, choices: lowering.chosen, possible: lowering.possible };
}
