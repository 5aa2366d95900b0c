import { convBlock } from '../blocks/conv-block.ts';
import type { Activation, NetworkBuilder } from '../builder.ts';

/** The layers between a backbone and its class scores. Steps without a value are left out. */
export interface ClassifierHead {
  /** Channels of a 1×1 convolution with batch norm before pooling. */
  readonly features?: number;
  /** Units of a dense layer after pooling. */
  readonly hidden?: number;
  /** Activation of that dense layer and that convolution. @default the backbone's activation */
  readonly activation?: Activation;
  /** Share of features dropped in training, 0 ≤ dropout < 1. */
  readonly dropout?: number;
}

export interface ClassifierHeadOptions extends ClassifierHead {
  readonly activation: Activation;
  readonly classes: number;
  /** Whether scores are normalized to sum to 1. If false, they are logits. */
  readonly softmax: boolean;
}

/** Features, global average pooling, a hidden layer, dropout, and one score per class. Layers are named head.…. */
export function classifierHead(
  builder: NetworkBuilder,
  input: string,
  { features, hidden, activation, dropout, classes, softmax }: ClassifierHeadOptions,
): void {
  const expanded = features
    ? convBlock(builder, 'head.features', input, { outChannels: features, kernel: 1, activation })
    : input;
  let last = builder.globalAvgPool('head.pool', expanded);
  if (hidden) {
    const dense = builder.dense('head.hidden', last, hidden);
    last = builder.activation('head.hidden.act', dense, activation);
  }
  if (dropout) last = builder.dropout('head.dropout', last, dropout);
  builder.classes('head.classes', builder.dense('head.logits', last, classes), { classes, softmax });
}
