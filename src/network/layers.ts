/**
 * The primitive layers. A network is a flat list of layers in execution order, without tensors. Each use (shapes, cost,
 * forward pass …) is one exhaustive `switch` over `type`. This file is long because every such `switch` handles the
 * whole union.
 */

import type { Padding } from '../foundation/padding.ts';

/** Element-wise functions of an activation layer. */
export type ActivationFunction =
  | 'relu'
  | 'relu6'
  | 'leakyRelu'
  | 'silu'
  | 'mish'
  | 'sigmoid'
  | 'hardSigmoid'
  | 'hardSwish'
  | 'tanh'
  | 'hardTanh'
  | 'elu'
  | 'selu'
  | 'gelu';

/** Width and height of an anchor box, in pixels of the network input for `yolo`, and in grid cells for `region`. */
export type Anchor = readonly [width: number, height: number];

interface LayerBase {
  /** Name, unique in the network. It is the prefix of the layer's parameter names (`NAME.weight` …). */
  readonly name: string;
  /** Names of earlier layers, or `input`. */
  readonly inputs: readonly string[];
}

/** Side of a square kernel, or height and width, in pixels. */
export type KernelSize = number | readonly [height: number, width: number];

/** Height and width of a kernel, in pixels. */
export function kernelSides(kernel: KernelSize): readonly [height: number, width: number] {
  return typeof kernel === 'number' ? [kernel, kernel] : kernel;
}

/** A convolution. If `groups` equals the number of input channels, it is depthwise. */
export interface ConvLayer extends LayerBase {
  readonly type: 'conv';
  /** Number of output channels. */
  readonly outChannels: number;
  /** Size of the kernel in pixels: the side of a square kernel, or height and width. */
  readonly kernel: KernelSize;
  /** Stride in pixels, in both directions. */
  readonly stride: number;
  /** Zero padding around the input. */
  readonly padding: Padding;
  /** Number of groups that input and output channels are divided into. 1 is an ordinary convolution. */
  readonly groups: number;
  /** Whether there is a bias per filter. */
  readonly bias: boolean;
}

/** Normalizes each channel by its mean and variance, then scales and shifts it. */
export interface BatchNormLayer extends LayerBase {
  readonly type: 'batchNorm';
  /** Number added to the variance. */
  readonly epsilon: number;
  /** Weight of the new batch in the running statistics. */
  readonly momentum: number;
}

/** Applies a function to each value. */
export interface ActivationLayer extends LayerBase {
  readonly type: 'activation';
  /** The function. */
  readonly function: ActivationFunction;
  /** Slope below zero, for `leakyRelu` only. */
  readonly slope?: number;
}

/** Pooling. Padded pixels count as −∞ in `maxPool`, and are not counted in `avgPool`. */
export interface PoolLayer extends LayerBase {
  /** Whether the window's maximum or mean is computed. */
  readonly type: 'maxPool' | 'avgPool';
  /** Side of the square window, in pixels. */
  readonly kernel: number;
  /** Stride in pixels, in both directions. */
  readonly stride: number;
  /** Padding around the input. */
  readonly padding: Padding;
}

/** The mean of each channel: [C, H, W] becomes [C, 1, 1]. */
export interface GlobalAvgPoolLayer extends LayerBase {
  readonly type: 'globalAvgPool';
}

/** Nearest-neighbor upsampling by a whole factor. */
export interface UpsampleLayer extends LayerBase {
  readonly type: 'upsample';
  /** Factor by which both sides grow. */
  readonly factor: number;
}

/** Concatenates its inputs along the channels. */
export interface ConcatLayer extends LayerBase {
  readonly type: 'concat';
}

/** A slice of the channels, from `start` (included) to `end` (excluded). */
export interface SliceLayer extends LayerBase {
  readonly type: 'slice';
  /** First channel, from 0. */
  readonly start: number;
  /** The channel after the last one. */
  readonly end: number;
}

/** ShuffleNet's channel shuffle, https://arxiv.org/abs/1707.01083: [g, c/g] → [c/g, g]. */
export interface ShuffleLayer extends LayerBase {
  readonly type: 'shuffle';
  /** Number of groups that are interleaved. */
  readonly groups: number;
}

/** Sum of two inputs with the same shape. */
export interface AddLayer extends LayerBase {
  readonly type: 'add';
}

/** Product of two inputs. The second may be [C, 1, 1] (one gate per channel) or [1, H, W] (one per pixel). */
export interface MultiplyLayer extends LayerBase {
  readonly type: 'multiply';
}

/** Fully connected layer over the flattened input; its output is [outFeatures, 1, 1]. */
export interface DenseLayer extends LayerBase {
  readonly type: 'dense';
  /** Number of outputs. */
  readonly outFeatures: number;
  /** Whether there is a bias per output. */
  readonly bias: boolean;
}

/** Does nothing at inference. */
export interface DropoutLayer extends LayerBase {
  readonly type: 'dropout';
  /** Share of values set to zero in training, 0 ≤ rate < 1. */
  readonly rate: number;
}

/**
 * YOLOv3's output at one scale, https://arxiv.org/abs/1804.02767. Its input has anchors × (5 + classes) channels of
 * logits: x, y, width, height, objectness, and one per class.
 */
export interface YoloLayer extends LayerBase {
  readonly type: 'yolo';
  /** The anchors of this scale only, in pixels of the network input. */
  readonly anchors: readonly Anchor[];
  /** Number of classes. */
  readonly classes: number;
  /** Darknet's `scale_x_y`: stretches the cell offset to s·σ(t) − (s − 1)/2. 1 is plain YOLOv3. */
  readonly scaleXY: number;
  /**
   * How a center's offset from its cell is computed from its logit t. `sigmoid`: as `scaleXY` describes. `linear`: t
   * itself, as in YOLOX, with `scaleXY` 1. @default sigmoid
   */
  readonly center?: 'sigmoid' | 'linear' | undefined;
}

/**
 * YOLOv2's output, https://arxiv.org/abs/1612.08242. It has the same channels as `yolo`, with anchors in grid cells.
 */
export interface RegionLayer extends LayerBase {
  readonly type: 'region';
  /** Width and height of each anchor, in cells. */
  readonly anchors: readonly Anchor[];
  /** Number of classes. */
  readonly classes: number;
  /** Whether class scores are computed by softmax over the classes. If false, by a sigmoid each. */
  readonly softmax: boolean;
}

/** A classifier's output: [classes, 1, 1]. */
export interface ClassesLayer extends LayerBase {
  readonly type: 'classes';
  /** Number of classes. */
  readonly classes: number;
  /** Whether scores are normalized to sum to 1. */
  readonly softmax: boolean;
}

/** Any layer. */
export type Layer =
  | ConvLayer
  | BatchNormLayer
  | ActivationLayer
  | PoolLayer
  | GlobalAvgPoolLayer
  | UpsampleLayer
  | ConcatLayer
  | SliceLayer
  | ShuffleLayer
  | AddLayer
  | MultiplyLayer
  | DenseLayer
  | DropoutLayer
  | YoloLayer
  | RegionLayer
  | ClassesLayer;

/** A layer whose output leaves the network. */
export type OutputLayer = YoloLayer | RegionLayer | ClassesLayer;

/** Feature-map shape without the batch. */
export type FeatureShape = readonly [channels: number, height: number, width: number];

/** A network without weights: its layers and their connections. */
export interface Network {
  /** Name for people, such as `micro-yolo`. */
  readonly name: string;
  /** Shape of the network's input image. Layers refer to it as `input`. */
  readonly input: FeatureShape;
  /** Layers, in the order of execution. */
  readonly layers: readonly Layer[];
}

/** Name of the network's input, for `inputs` of layers. */
export const INPUT = 'input';

/** Whether a layer is an output of the network. */
export function isOutput(layer: Layer): layer is OutputLayer {
  return layer.type === 'yolo' || layer.type === 'region' || layer.type === 'classes';
}

/** The output layers of a network, in network order. */
export function outputLayers(network: Network): readonly OutputLayer[] {
  return network.layers.filter(isOutput);
}

/** Number of classes that each output of the network scores. */
export function classCount(network: Network): number {
  return outputLayers(network)[0]?.classes ?? 0;
}
