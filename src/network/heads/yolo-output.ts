import type { Activation, NetworkBuilder } from '../builder.ts';
import type { Anchor, YoloLayer } from '../layers.ts';

/** What every head with YOLOv3's outputs is built for. */
export interface YoloHeadOptions {
  readonly classes: number;
  /** In pixels of the input; deep (coarse) scale first. */
  readonly anchors: readonly (readonly Anchor[])[];
  readonly activation: Activation;
}

/** A scale's output: a 1×1 convolution with bias, NAME.logits, and the `yolo` layer, NAME.yolo. */
export function yoloOutput(
  builder: NetworkBuilder,
  name: string,
  input: string,
  { classes, anchors, center }: Pick<YoloLayer, 'classes' | 'anchors' | 'center'>,
): void {
  const outChannels = anchors.length * (5 + classes);
  const logits = builder.conv(`${name}.logits`, input, { outChannels, kernel: 1, bias: true });
  builder.yolo(`${name}.yolo`, logits, { anchors, classes, ...(center ? { center } : {}) });
}
