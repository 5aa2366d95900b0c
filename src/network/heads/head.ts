import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { BuiltBackbone, Tap } from '../backbones/stages.ts';
import type { Activation, NetworkBuilder } from '../builder.ts';
import type { Anchor } from '../layers.ts';
import {
  type AnchorMasks,
  anchorsByScale,
  CELL_SIDES,
  COCO_ANCHORS,
  COCO_TINY_ANCHORS,
  ONE_A_SCALE,
  THREE_SCALE_MASKS,
  TINY_MASKS,
  VOC_CELL_ANCHORS,
} from './anchors.ts';
import { type PyramidHeadLayout, type PyramidTaps, pyramidHead } from './pyramid.ts';
import { regionHead } from './region.ts';
import { yoloNanoHead } from './yolo-nano.ts';
import { type YoloTinyHeadLayout, yoloTinyHead } from './yolo-tiny.ts';
import { type YoloxHeadLayout, yoloxHead } from './yolox.ts';

/** A detection head, which reads a backbone's feature maps. Each kind is documented at its function. */
export type DetectionHead =
  | ({ readonly head: 'yolo-tiny' } & YoloTinyHeadLayout)
  | ({ readonly head: 'fpn' | 'pan' } & PyramidHeadLayout)
  | { readonly head: 'yolo-nano' }
  | ({ readonly head: 'yolox' } & YoloxHeadLayout)
  | { readonly head: 'region' };

/** Options that every detection head accepts. */
export interface OutputOptions {
  /** Number of classes. @default 80 */
  readonly classes?: number;
  /** Anchors in pixels of the input, or in cells for `region`. @default the head's own, for COCO (`region`: for VOC) */
  readonly anchors?: readonly Anchor[];
  /** Anchors of each scale, coarsest scale first. @default large anchors on the coarsest scale */
  readonly masks?: AnchorMasks;
  /** Whether an anchor may serve several scales or none. @default false */
  readonly sharedAnchors?: boolean;
}

const DEFAULTS = {
  'yolo-tiny': { anchors: COCO_TINY_ANCHORS, masks: TINY_MASKS },
  fpn: { anchors: COCO_ANCHORS, masks: THREE_SCALE_MASKS },
  pan: { anchors: COCO_ANCHORS, masks: THREE_SCALE_MASKS },
  'yolo-nano': { anchors: COCO_ANCHORS, masks: THREE_SCALE_MASKS },
  yolox: { anchors: CELL_SIDES, masks: ONE_A_SCALE },
  region: { anchors: VOC_CELL_ANCHORS, masks: [[0, 1, 2, 3, 4]] },
} as const satisfies Readonly<
  Record<DetectionHead['head'], { anchors: readonly Anchor[]; masks: AnchorMasks }>
>;

function tapAt(taps: readonly Tap[], stride: number, head: string): Tap {
  const tap = taps.find((candidate) => candidate.stride === stride);
  if (tap) return tap;
  throw new MicroYoloError(
    'invalid-network',
    `head ${head}: reads a map of stride ${stride}, the backbone has ${taps.map((each) => each.stride).join(', ')}; choose a backbone that has it`,
  );
}

/**
 * Appends a detection head to a backbone.
 * @throws MicroYoloError `invalid-argument` for classes, anchors or masks that do not make a valid head
 */
export function appendHead(
  builder: NetworkBuilder,
  { taps, last }: BuiltBackbone,
  layout: DetectionHead,
  { activation, ...options }: OutputOptions & { readonly activation: Activation },
): void {
  const defaults = DEFAULTS[layout.head];
  const { classes = 80, anchors: given = defaults.anchors, masks = defaults.masks } = options;
  if (!Number.isInteger(classes) || classes < 1) {
    throw new MicroYoloError(
      'invalid-argument',
      `classes ${classes}: expected a whole number of at least 1`,
      { field: 'classes', received: classes },
    );
  }
  if (masks.length !== defaults.masks.length) {
    throw new MicroYoloError(
      'invalid-argument',
      `masks of ${masks.length} scales: head ${layout.head} has ${defaults.masks.length}; pass a mask for each`,
    );
  }
  const anchors = anchorsByScale(given, masks, { shared: options.sharedAnchors ?? false });
  const at = (stride: number) => tapAt(taps, stride, layout.head);
  const three = (): PyramidTaps => ({ shallow: at(8), middle: at(16), deep: at(32) });
  const common = { classes, anchors, activation };
  switch (layout.head) {
    case 'yolo-tiny':
      yoloTinyHead(builder, { shallow: at(16), deep: at(32) }, { ...layout, ...common });
      break;
    case 'fpn':
    case 'pan':
      pyramidHead(builder, three(), { ...layout, ...common, bottomUp: layout.head === 'pan' });
      break;
    case 'yolo-nano':
      yoloNanoHead(builder, three(), common);
      break;
    case 'yolox':
      yoloxHead(builder, three(), { classes, anchors, ...layout });
      break;
    case 'region':
      regionHead(builder, last, { classes, anchors: anchors[0] ?? [] });
      break;
  }
}
