/**
 * The papers' closed formulas for the cost of a convolution, without biases and batch norms. Parameters are weights.
 * Multiply-accumulates are weights × output pixels, except for squeeze and excitation, which acts on one pixel per
 * image.
 */
import { type Squeeze, squeezedChannels } from './squeeze-excite.ts';

interface ConvolutionSize {
  readonly kernel: number;
  readonly inChannels: number;
  readonly outChannels: number;
}

/** Weights of a convolution: k²·Cin·Cout. */
export function convWeights({ kernel, inChannels, outChannels }: ConvolutionSize): number {
  return kernel ** 2 * inChannels * outChannels;
}

/**
 * Weights of a depthwise-separable convolution: k²·Cin + Cin·Cout. For 3×3, 16 → 32: 144 + 512 = 656, instead of
 * 4,608 for a plain convolution.
 */
export function dsconvWeights({ kernel, inChannels, outChannels }: ConvolutionSize): number {
  return kernel ** 2 * inChannels + inChannels * outChannels;
}

/** Weights of a depthwise-separable convolution relative to a plain one: 1/Cout + 1/k². */
export function dsconvRatio({ kernel, outChannels }: Omit<ConvolutionSize, 'inChannels'>): number {
  return 1 / outChannels + 1 / kernel ** 2;
}

interface MBConvSize extends ConvolutionSize {
  /** Expansion factor α. */
  readonly expansion: number;
  readonly squeeze?: Squeeze | undefined;
}

/** Weights of an MBConv: α·Cin² + k²·α·Cin + α·Cin·Cout, and 2·α·Cin·squeezed for squeeze and excitation. */
export function mbconvWeights(size: MBConvSize): number {
  return mbconvSpatialWeights(size) + squeezeExciteWeights(size);
}

function mbconvSpatialWeights({ kernel, inChannels, outChannels, expansion }: MBConvSize): number {
  const expanded = expansion * inChannels;
  return inChannels * expanded + kernel ** 2 * expanded + expanded * outChannels;
}

function squeezeExciteWeights({ inChannels, expansion, squeeze }: MBConvSize): number {
  if (!squeeze) return 0;
  const expanded = expansion * inChannels;
  return 2 * expanded * squeezedChannels(squeeze, inChannels, expanded);
}

interface OutputSize {
  /** Width in pixels. */
  readonly width: number;
  readonly height: number;
}

/** Multiply-accumulates of a convolution: k²·Cin·Cout·W·H. */
export function convMacs(size: ConvolutionSize & OutputSize): number {
  return convWeights(size) * size.width * size.height;
}

/** Multiply-accumulates of a depthwise-separable convolution: (k²·Cin + Cin·Cout)·W·H. */
export function dsconvMacs(size: ConvolutionSize & OutputSize): number {
  return dsconvWeights(size) * size.width * size.height;
}

/**
 * Multiply-accumulates of an MBConv with stride 1: (α·Cin² + k²·α·Cin + α·Cin·Cout)·W·H, and squeeze and excitation
 * once per image.
 */
export function mbconvMacs(size: MBConvSize & OutputSize): number {
  return mbconvSpatialWeights(size) * size.width * size.height + squeezeExciteWeights(size);
}
