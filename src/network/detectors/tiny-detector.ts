import { MicroYoloError } from '../../errors.ts';
import { buildBackbone, type Stage } from '../backbones/stages.ts';
import { type Activation, NetworkBuilder } from '../builder.ts';
import { anchorsByScale, COCO_TINY_ANCHORS, TINY_MASKS } from '../heads/anchors.ts';
import { type YoloTinyHeadOptions, yoloTinyHead } from '../heads/yolo-tiny.ts';
import type { Network } from '../layers.ts';
import type { DetectorOptions } from './options.ts';

export interface TinyDetectorLayout {
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly activation: Activation;
  readonly head?: Pick<YoloTinyHeadOptions, 'spatial' | 'neck' | 'deep' | 'lateral' | 'shallow'>;
}

/** A backbone under YOLOv3-tiny's head, which reads the backbone's last two taps. */
export function tinyDetector(layout: TinyDetectorLayout, options: DetectorOptions = {}): Network {
  const {
    classes = 80,
    size = 416,
    anchors = COCO_TINY_ANCHORS,
    masks = TINY_MASKS,
    sharedAnchors = false,
  } = options;
  if (!Number.isInteger(classes) || classes < 1) {
    throw new MicroYoloError('invalid-argument', `classes ${classes}: expected a whole number of at least 1`);
  }
  const { width, height } = typeof size === 'number' ? { width: size, height: size } : size;
  const builder = new NetworkBuilder([3, height, width]);
  const taps = buildBackbone(builder, layout.stages, layout.activation);
  const [shallow, deep] = taps.slice(-2);
  if (!shallow || !deep)
    throw new Error(`${layout.name}: a tiny head needs two taps, the table marks ${taps.length}`);
  yoloTinyHead(
    builder,
    { shallow, deep },
    {
      ...layout.head,
      classes,
      activation: layout.activation,
      anchors: anchorsByScale(anchors, masks, { shared: sharedAnchors }),
    },
  );
  return builder.build(layout.name);
}
