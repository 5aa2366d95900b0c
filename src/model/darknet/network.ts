import { basename } from 'node:path';
import { MicroYoloError } from '../../errors.ts';
import { type Activation, NetworkBuilder } from '../../network/builder.ts';
import { type Anchor, INPUT, type Network } from '../../network/layers.ts';
import { type DarknetSection, parseDarknetConfig, SectionReader } from './config.ts';

/** Added to the variance, as OpenCV does; Darknet's versions differ in where they add it. */
const BATCH_NORM_EPSILON = 1e-6;

const ACTIVATIONS: Readonly<Record<string, Activation | 'linear'>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu6',
  leaky: { function: 'leakyRelu', slope: 0.1 },
  relie: { function: 'leakyRelu', slope: 0.01 },
  logistic: 'sigmoid',
  swish: 'silu',
  mish: 'mish',
  tanh: 'tanh',
  hardtan: 'hardTanh',
  elu: 'elu',
  selu: 'selu',
  gelu: 'gelu',
};

/** Keys that say how to train: kept, but of no use to the network. */
const TRAINING_KEYS = new Set(
  `batch subdivisions momentum decay angle saturation exposure hue aspect learning_rate burn_in max_batches policy steps
  scales power gamma scale mosaic mixup cutmix blur label_smooth_eps gaussian_noise optimized_memory workspace_size_limit_MB
  max_crop min_crop flip crop max_chart_loss dynamic_minibatch ema_alpha num_steps_per_cycle sgdr_cycle seed time_steps track
  max_delta loss_scale random jitter resize ignore_thresh truth_thresh iou_thresh iou_loss iou_normalizer obj_normalizer
  cls_normalizer delta_normalizer iou_thresh_kind nms_kind beta_nms focal_loss map thresh counters_per_class objectness_smooth
  bias_match rescore object_scale noobject_scale class_scale coord_scale absolute stopbackward learning_rate_scale dont_update
  onlyforward burnin_update embedding_layer sim_thresh dropblock dropblock_size_rel dropblock_size_abs show_details
  equidistant_point train_only_bn uc_normalizer max_boxes background`.split(/\s+/),
);

/** A convolution's parameters in the weights file. */
export interface DarknetConvolution {
  /** Layer that holds the weight, and the bias where no norm follows. */
  readonly conv: string;
  readonly norm: string | undefined;
}

export interface DarknetNetwork {
  readonly network: Network;
  /** In the order of the weights file. */
  readonly convolutions: readonly DarknetConvolution[];
  readonly letterbox: boolean;
  /** Keys that are neither known nor read, a line each. */
  readonly warnings: readonly string[];
}

/** What sections share while they are turned into layers. */
interface Context {
  readonly builder: NetworkBuilder;
  /** Output layer of every section so far, for routes. */
  readonly sections: string[];
  readonly convolutions: DarknetConvolution[];
}

type SectionRule = (reader: SectionReader, input: string, name: string, context: Context) => string;

function activate(
  reader: SectionReader,
  context: Context,
  name: string,
  input: string,
  byDefault: string,
): string {
  const key = reader.text('activation') ?? byDefault;
  const activation = ACTIVATIONS[key];
  if (activation === undefined) {
    reader.fail(`activation=${key} is not supported; supported are ${Object.keys(ACTIVATIONS).join(', ')}`);
  }
  return activation === 'linear' ? input : context.builder.activation(`${name}.act`, input, activation);
}

function convolutional(reader: SectionReader, input: string, name: string, context: Context): string {
  const { builder } = context;
  const kernel = reader.integer('size', 1, 1);
  const stride = reader.integer('stride', 1, 1);
  const explicit = reader.integer('padding', 0);
  const pad = reader.integer('pad', 0) ? Math.floor(kernel / 2) : explicit;
  for (const key of ['stride_x', 'stride_y']) reader.only(key, stride);
  for (const key of [
    'dilation',
    'share_index',
    'antialiasing',
    'binary',
    'xnor',
    'flipped',
    'assisted_excitation',
    'deform',
  ]) {
    reader.only(key, key === 'dilation' ? 1 : 0);
  }
  const normalized = reader.integer('batch_normalize', 0) > 0;
  const conv = builder.conv(`${name}.conv`, input, {
    outChannels: reader.integer('filters', 1, 1),
    kernel,
    stride,
    padding: [pad, pad, pad, pad],
    groups: reader.integer('groups', 1, 1),
    bias: !normalized,
  });
  const norm = normalized
    ? builder.batchNorm(`${name}.norm`, conv, { epsilon: BATCH_NORM_EPSILON })
    : undefined;
  context.convolutions.push({ conv, norm });
  return activate(reader, context, name, norm ?? conv, 'logistic');
}

function maxpool(reader: SectionReader, input: string, name: string, { builder }: Context): string {
  const stride = reader.integer('stride', 1, 1);
  const kernel = reader.integer('size', stride, 1);
  for (const key of ['stride_x', 'stride_y']) reader.only(key, stride);
  for (const key of ['maxpool_depth', 'antialiasing']) reader.only(key, 0);
  const padding = reader.integer('padding', kernel - 1);
  const before = Math.floor(padding / 2);
  // Darknet pads on the right and bottom first, and never before a kernel of 2.
  return builder.maxPool(name, input, {
    kernel,
    stride,
    padding: [before, before, padding - before, padding - before],
  });
}

/** Section a `from` or `layers` entry means: negative counts back, others from the first section after [net]. */
function referred(reader: SectionReader, index: number, { sections }: Context): string {
  const name = sections[index < 0 ? sections.length + index : index];
  return name ?? reader.fail(`refers to layer ${index}, but only ${sections.length} come before it`);
}

function route(reader: SectionReader, _input: string, name: string, context: Context): string {
  const { builder } = context;
  const groups = reader.integer('groups', 1, 1);
  const group = reader.integer('group_id', 0);
  const layers = reader.numbers('layers');
  if (layers.length === 0) reader.fail('has no layers=, expected the layers to join');
  const parts = layers.map((index, part) => {
    const source = referred(reader, index, context);
    if (groups === 1) return source;
    const size = builder.channels(source) / groups;
    const [start, end] = [group * size, (group + 1) * size];
    return builder.add({ type: 'slice', name: `${name}.part${part}`, inputs: [source], start, end });
  });
  return parts.length === 1 ? parts[0]! : builder.concat(name, parts);
}

/** Darknet adds as many channels as both have and keeps the first one's others. */
function shortcut(reader: SectionReader, input: string, name: string, context: Context): string {
  const { builder } = context;
  const kind = reader.text('weights_type');
  if (kind && kind !== 'none')
    reader.fail(`weights_type=${kind} is not supported; only unweighted shortcuts are`);
  reader.text('weights_normalization');
  const sum = reader.numbers('from').reduce((total, index, part) => {
    const other = referred(reader, index, context);
    const [have, more] = [builder.channels(total), builder.channels(other)];
    const cut = (source: string, label: string, start: number, end: number) =>
      builder.add({ type: 'slice', name: `${name}.${label}${part}`, inputs: [source], start, end });
    const add = (a: string, b: string) =>
      builder.add({ type: 'add', name: `${name}.add${part}`, inputs: [a, b] });
    if (more > have) return add(total, cut(other, 'first', 0, have));
    if (more === have) return add(total, other);
    const added = add(cut(total, 'first', 0, more), other);
    return builder.concat(`${name}.join${part}`, [added, cut(total, 'rest', more, have)]);
  }, input);
  return activate(reader, context, name, sum, 'linear');
}

function anchorPairs(reader: SectionReader, byDefault: readonly number[]): readonly Anchor[] {
  const given = reader.numbers('anchors');
  const numbers = given.length > 0 ? given : byDefault;
  if (numbers.length % 2 !== 0)
    reader.fail(`anchors= has ${numbers.length} numbers, expected pairs of width and height`);
  return Array.from({ length: numbers.length / 2 }, (_, i): Anchor => [numbers[2 * i]!, numbers[2 * i + 1]!]);
}

function yolo(reader: SectionReader, input: string, name: string, { builder }: Context): string {
  reader.only('new_coords', 0);
  const all = anchorPairs(reader, []);
  const count = reader.integer('num', all.length, 1);
  if (count !== all.length) reader.fail(`num=${count}, but anchors= has ${all.length} pairs`);
  const mask = reader.numbers('mask');
  const anchors = (mask.length > 0 ? mask : all.map((_, i) => i)).map(
    (index) => all[index] ?? reader.fail(`mask ${index}, but anchors= has ${all.length} pairs`),
  );
  const scaleXY = reader.number('scale_x_y', 1);
  return builder.yolo(name, input, { anchors, classes: reader.integer('classes', 20, 1), scaleXY });
}

function region(reader: SectionReader, input: string, name: string, { builder }: Context): string {
  reader.only('coords', 4);
  const anchors = anchorPairs(reader, [0.5, 0.5]);
  const count = reader.integer('num', anchors.length, 1);
  if (count !== anchors.length) reader.fail(`num=${count}, but anchors= has ${anchors.length} pairs`);
  const [classes, softmax] = [reader.integer('classes', 20, 1), reader.integer('softmax', 0) > 0];
  return builder.add({ type: 'region', name, inputs: [input], anchors, classes, softmax });
}

function scaleChannels(reader: SectionReader, input: string, name: string, context: Context): string {
  reader.integer('scale_wh', 0);
  const from = referred(reader, reader.integer('from', -1, Number.NEGATIVE_INFINITY), context);
  const product = context.builder.multiply(name, from, input);
  return activate(reader, context, name, product, 'linear');
}

const RULES: Readonly<Record<string, SectionRule>> = {
  convolutional,
  maxpool,
  upsample: (reader, input, name, { builder }) => {
    reader.only('scale', 1);
    return builder.upsample(name, input, reader.integer('stride', 2, 1));
  },
  route,
  shortcut,
  yolo,
  region,
  avgpool: (_reader, input, name, { builder }) => builder.globalAvgPool(name, input),
  dropout: (reader, input, name, { builder }) =>
    builder.add({ type: 'dropout', name, inputs: [input], rate: reader.number('probability', 0.5) }),
  scale_channels: scaleChannels,
  softmax: (reader, input, name, { builder }) => {
    reader.only('groups', 1);
    reader.only('temperature', 1);
    const classes = builder.shape(input).reduce((product, size) => product * size, 1);
    return builder.add({ type: 'classes', name, inputs: [input], classes, softmax: true });
  },
  cost: (reader, input) => {
    reader.text('type');
    return input;
  },
};
const ALIASES: Readonly<Record<string, string>> = {
  conv: 'convolutional',
  max: 'maxpool',
  soft: 'softmax',
  avg: 'avgpool',
};

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
 * Turns a Darknet `.cfg` into a network. Layers are named by the section's place after [net], as Darknet
 * counts them: `12.conv`, `12.norm`, `12.act`, `16`.
 * @param file name for messages
 * @throws MicroYoloError `invalid-file` with file, line and what is supported
 */
export function readDarknetNetwork(text: string, file: string): DarknetNetwork {
  const [first, ...sections] = parseDarknetConfig(text, file);
  const { reader: net, input, letterbox } = networkInput(first, file);
  const context: Context = { builder: new NetworkBuilder(input), sections: [], convolutions: [] };
  const readers = [net];
  let last: string = INPUT;
  sections.forEach((section, index) => {
    const reader = new SectionReader(section, file);
    readers.push(reader);
    const rule = RULES[ALIASES[section.type] ?? section.type];
    if (!rule) {
      const supported = ['net', ...Object.keys(RULES)].join(', ');
      throw new MicroYoloError(
        'unsupported',
        `${file}:${section.line}: section [${section.type}] is not supported; supported are ${supported}`,
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
        (key) => `${file}:${reader.section.line}: [${reader.section.type}] ${key} is not known and ignored`,
      ),
  );
  const name = basename(file).replace(/\.cfg$/i, '');
  return { network: context.builder.build(name), convolutions: context.convolutions, letterbox, warnings };
}
