import type { NetworkBuilder } from '../../../network/builder.ts';
import type { Anchor, Padding } from '../../../network/layers.ts';
import { ACTIVATIONS } from './activations.ts';
import type { SectionReader } from './config.ts';

/** Added to the variance, as OpenCV does; Darknet's versions differ in where they add it. */
export const BATCH_NORM_EPSILON = 1e-6;

/** A convolution's parameters in the weights file. */
export interface DarknetConvolution {
  /** Layer that holds the weight, and the bias where no norm follows. */
  readonly conv: string;
  readonly norm: string | undefined;
}
/** What sections share while they are turned into layers. */
export interface SectionContext {
  readonly builder: NetworkBuilder;
  /** Output layer of every section so far, for routes. */
  readonly sections: string[];
  readonly convolutions: DarknetConvolution[];
}

type SectionRule = (reader: SectionReader, input: string, name: string, context: SectionContext) => string;

function activate(
  reader: SectionReader,
  context: SectionContext,
  name: string,
  input: string,
  byDefault: string,
): string {
  const key = reader.text('activation') ?? byDefault;
  const activation = Object.hasOwn(ACTIVATIONS, key) ? ACTIVATIONS[key] : undefined;
  if (activation === undefined) {
    reader.fail(`activation=${key} is not supported; supported are ${Object.keys(ACTIVATIONS).join(', ')}`);
  }
  return activation === 'linear' ? input : context.builder.activation(`${name}.act`, input, activation);
}

function convolutional(reader: SectionReader, input: string, name: string, context: SectionContext): string {
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

/** A pooling section's window. */
function poolWindow(reader: SectionReader) {
  const stride = reader.integer('stride', 1, 1);
  const kernel = reader.integer('size', stride, 1);
  for (const key of ['stride_x', 'stride_y']) reader.only(key, stride);
  for (const key of ['maxpool_depth', 'antialiasing']) reader.only(key, 0);
  const padding = reader.integer('padding', kernel - 1);
  const before = Math.floor(padding / 2);
  // Darknet pads on the right and bottom first, and never before a kernel of 2.
  const sides: Padding = [before, before, padding - before, padding - before];
  return { kernel, stride, padding: sides };
}

/** Section a `from` or `layers` entry means: negative counts back, others from the first section after [net]. */
function referred(reader: SectionReader, index: number, { sections }: SectionContext): string {
  const name = sections[index < 0 ? sections.length + index : index];
  return name ?? reader.fail(`refers to layer ${index}, but only ${sections.length} come before it`);
}

function route(reader: SectionReader, _input: string, name: string, context: SectionContext): string {
  const { builder } = context;
  const groups = reader.integer('groups', 1, 1);
  const group = reader.integer('group_id', 0);
  const layers = reader.numbers('layers');
  if (layers.length === 0) reader.fail('has no layers=, expected the layers to join');
  const parts = layers.map((index, part) => {
    const source = referred(reader, index, context);
    if (groups === 1) return source;
    const channels = builder.channels(source);
    if (channels % groups !== 0) {
      reader.fail(`groups=${groups}, but layer ${index} has ${channels} channels, expected a multiple`);
    }
    if (group >= groups) reader.fail(`group_id=${group}, expected less than groups=${groups}`);
    const size = channels / groups;
    const [start, end] = [group * size, (group + 1) * size];
    return builder.add({ type: 'slice', name: `${name}.part${part}`, inputs: [source], start, end });
  });
  return parts.length === 1 ? parts[0]! : builder.concat(name, parts);
}

/** Darknet adds as many channels as both have and keeps the first one's others. */
function shortcut(reader: SectionReader, input: string, name: string, context: SectionContext): string {
  const { builder } = context;
  const kind = reader.text('weights_type');
  if (kind && kind !== 'none')
    reader.fail(`weights_type=${kind} is not supported; only unweighted shortcuts are`);
  reader.text('weights_normalization');
  const from = reader.numbers('from');
  if (from.length === 0) reader.fail('has no from=, expected the layer to add');
  const sum = from.reduce((total, index, part) => {
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

function yolo(reader: SectionReader, input: string, name: string, { builder }: SectionContext): string {
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

function refuseTree(reader: SectionReader): void {
  if (reader.text('tree')) reader.fail('tree= is not supported, only classes without a hierarchy are');
}

function region(reader: SectionReader, input: string, name: string, { builder }: SectionContext): string {
  reader.only('coords', 4);
  reader.only('background', 0);
  refuseTree(reader);
  const anchors = anchorPairs(reader, [0.5, 0.5]);
  const count = reader.integer('num', anchors.length, 1);
  if (count !== anchors.length) reader.fail(`num=${count}, but anchors= has ${anchors.length} pairs`);
  const [classes, softmax] = [reader.integer('classes', 20, 1), reader.integer('softmax', 0) > 0];
  return builder.add({ type: 'region', name, inputs: [input], anchors, classes, softmax });
}

/** Multiplies an earlier layer by the one before, the gate: of its shape, of a number a channel, or of one a pixel. */
function multiplied(reader: SectionReader, input: string, name: string, context: SectionContext): string {
  reader.integer('scale_wh', 0);
  const [from] = reader.numbers('from');
  if (from === undefined) reader.fail('has no from=, expected the layer to scale');
  const product = context.builder.multiply(name, referred(reader, from, context), input);
  return activate(reader, context, name, product, 'linear');
}

/** How each kind of section becomes layers: appends them and returns the name of the last. */
const RULES: Readonly<Record<string, SectionRule>> = {
  convolutional,
  maxpool: (reader, input, name, { builder }) => builder.maxPool(name, input, poolWindow(reader)),
  local_avgpool: (reader, input, name, { builder }) => builder.avgPool(name, input, poolWindow(reader)),
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
  scale_channels: multiplied,
  sam: multiplied,
  softmax: (reader, input, name, { builder }) => {
    reader.only('groups', 1);
    reader.only('temperature', 1);
    reader.only('spatial', 0);
    refuseTree(reader);
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

/** Kinds of section that can be read. */
export const SECTION_TYPES: readonly string[] = Object.keys(RULES);

/** How a kind of section becomes layers, if it can. */
export function sectionRule(type: string): SectionRule | undefined {
  return RULES[ALIASES[type] ?? type];
}
