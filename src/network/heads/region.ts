import type { NetworkBuilder } from '../builder.ts';
import type { Anchor } from '../layers.ts';

export interface RegionHeadOptions {
  readonly classes: number;
  /** Width and height of each anchor, in cells. */
  readonly anchors: readonly Anchor[];
}

/** YOLOv2's output on a single map, https://arxiv.org/abs/1612.08242: a 1×1 convolution and `region`. */
export function regionHead(
  builder: NetworkBuilder,
  input: string,
  { classes, anchors }: RegionHeadOptions,
): void {
  const outChannels = anchors.length * (5 + classes);
  const logits = builder.conv('head.logits', input, { outChannels, kernel: 1, bias: true });
  builder.region('head.region', logits, { anchors, classes, softmax: true });
}
