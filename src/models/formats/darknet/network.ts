import { basename } from 'node:path';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { NetworkBuilder } from '../../../network/builder.ts';
import { INPUT, type Network } from '../../../network/layers.ts';
import { type DarknetSection, parseDarknetConfig, SectionReader } from './config.ts';
import type { DarknetConvolution, SectionContext } from './section-context.ts';
import { SECTION_TYPES, sectionRule } from './sections.ts';

/** Keys for training. They are kept, but do not affect the network. */
const TRAINING_KEYS = new Set(
  `batch subdivisions momentum decay angle saturation exposure hue aspect learning_rate burn_in max_batches policy steps
  scales power gamma scale mosaic mixup cutmix blur label_smooth_eps gaussian_noise optimized_memory workspace_size_limit_MB
  max_crop min_crop flip crop max_chart_loss dynamic_minibatch ema_alpha num_steps_per_cycle sgdr_cycle seed time_steps track
  max_delta loss_scale random jitter resize ignore_thresh truth_thresh iou_thresh iou_loss iou_normalizer obj_normalizer
  cls_normalizer delta_normalizer iou_thresh_kind nms_kind beta_nms focal_loss map thresh counters_per_class objectness_smooth
  bias_match rescore object_scale noobject_scale class_scale coord_scale absolute stopbackward learning_rate_scale dont_update
  onlyforward burnin_update embedding_layer sim_thresh dropblock dropblock_size_rel dropblock_size_abs show_details
  equidistant_point train_only_bn uc_normalizer max_boxes`.split(/\s+/),
);
export interface DarknetNetwork {
  readonly network: Network;
  /** In the order of the weights file. */
  readonly convolutions: readonly DarknetConvolution[];
  readonly letterbox: boolean;
  /** Warnings about unknown keys, one line each. */
  readonly warnings: readonly string[];
}
function networkInput(section: DarknetSection | undefined, file: string) {
  if (!section || !['net', 'network'].includes(section.type)) {
    const found = section ? `[${section.type}]` : 'nothing';
    throw new MicroYoloError(
      'invalid-file',
      `${file}:${section?.line ?? 1}: begins with ${found}, expected [net]`,
    );
  }
  const reader = new SectionReader(section, file);
  const input = [
    reader.integer('channels', 3, 1),
    reader.integer('height', 416, 1),
    reader.integer('width', 416, 1),
  ] as const;
  return { reader, input, letterbox: reader.integer('letter_box', 0) > 0 };
}

/**
 * Converts a Darknet `.cfg` to a network. Layers are named by the section's index after [net], as Darknet counts them:
 * `12.conv`, `12.norm`, `12.act`, `16`.
 * @param file name for messages
 * @throws MicroYoloError `invalid-file` with file, line and what is supported
 */
export function readDarknetNetwork(text: string, file: string): DarknetNetwork {
  const [first, ...sections] = parseDarknetConfig(text, file);
  const { reader: net, input, letterbox } = networkInput(first, file);
  const context: SectionContext = { builder: new NetworkBuilder(input), sections: [], convolutions: [] };
  const readers = [net];
  let last: string = INPUT;
  sections.forEach((section, index) => {
    const reader = new SectionReader(section, file);
    readers.push(reader);
    const rule = sectionRule(section.type);
    if (!rule) {
      const supported = ['net', ...SECTION_TYPES].join(', ');
      throw new MicroYoloError(
        'unsupported',
        `${file}:${section.line}: section [${section.type}] is not supported; supported sections are ${supported}`,
      );
    }
    try {
      last = rule(reader, last, String(index), context);
    } catch (error) {
      if (error instanceof MicroYoloError && error.code === 'invalid-network') reader.fail(error.message);
      throw error;
    }
    context.sections.push(last);
  });
  const warnings = readers.flatMap((reader) =>
    reader
      .unread()
      .filter((key) => !TRAINING_KEYS.has(key))
      .map(
        (key) => `${file}:${reader.section.line}: [${reader.section.type}] ${key} is unknown, and ignored`,
      ),
  );
  const name = basename(file).replace(/\.cfg$/i, '');
  return { network: context.builder.build(name), convolutions: context.convolutions, letterbox, warnings };
}
