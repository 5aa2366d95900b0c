import type { Activation, NetworkBuilder } from '../builder.ts';

export interface ConvBlockOptions {
  readonly outChannels: number;
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** @default 1 */
  readonly groups?: number;
  /** None for a linear block. */
  readonly activation?: Activation | undefined;
}

/** Convolution, batch norm and activation; the layers are NAME.conv, NAME.norm and NAME.act. */
export function convBlock(
  builder: NetworkBuilder,
  name: string,
  input: string,
  options: ConvBlockOptions,
): string {
  const { activation, ...convolution } = options;
  const conv = builder.conv(`${name}.conv`, input, convolution);
  const norm = builder.batchNorm(`${name}.norm`, conv);
  return activation ? builder.activation(`${name}.act`, norm, activation) : norm;
}
