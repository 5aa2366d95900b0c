import type { Activation, NetworkBuilder } from '../builder.ts';
import type { Anchor, YoloLayer } from '../layers.ts';

/** Options of every head with YOLOv3 outputs. */
export interface YoloHeadOptions {
  readonly classes: number;
  /** Anchors of each scale, in pixels of the input, deep (coarse) scale first. */
  readonly anchors: readonly (readonly Anchor[])[];
  readonly activation: Activation;
}

/** The output of one scale: a 1×1 convolution with bias, NAME.logits, and the `yolo` layer, NAME.yolo. */
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
