import { elementCount } from '../../../foundation/element-count.ts';
import type { Padding } from '../../../foundation/padding.ts';
import { ACTIVATIONS } from './activations.ts';
import type { SectionReader } from './config.ts';
import { refuseTree, region, yolo } from './output-sections.ts';
import { BATCH_NORM_EPSILON, type SectionContext } from './section-context.ts';

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

/** Returns a pooling section's window. */
function poolWindow(reader: SectionReader) {
  const stride = reader.integer('stride', 1, 1);
  const kernel = reader.integer('size', stride, 1);
  for (const key of ['stride_x', 'stride_y']) reader.only(key, stride);
  for (const key of ['maxpool_depth', 'antialiasing']) reader.only(key, 0);
  const padding = reader.integer('padding', kernel - 1);
  const before = Math.floor(padding / 2);
  // If padding is odd, Darknet adds the extra pixel at the bottom and right. With a kernel of 2, it never pads at the
  // top and left.
  const sides: Padding = [before, before, padding - before, padding - before];
  return { kernel, stride, padding: sides };
}

/**
 * Returns the layer of the section that a `from` or `layers` entry refers to. Negative entries count back, others start
 * at the first section after [net].
 */
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

/** Darknet adds the channels that both have, and keeps the remaining ones of the first. */
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

/**
 * Multiplies an earlier layer by the previous one, the gate. The gate has the same shape, one value per channel, or one
 * per pixel.
 */
function multiplied(reader: SectionReader, input: string, name: string, context: SectionContext): string {
  reader.integer('scale_wh', 0);
  const [from] = reader.numbers('from');
  if (from === undefined) reader.fail('has no from=, expected the layer to scale');
  const product = context.builder.multiply(name, referred(reader, from, context), input);
  return activate(reader, context, name, product, 'linear');
}

/** For each section type, appends its layers and returns the name of the last one. */
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
    const classes = elementCount(builder.shape(input));
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

/** Supported section types. */
export const SECTION_TYPES: readonly string[] = Object.keys(RULES);

/** Returns the rule that converts a section type to layers, or undefined. */
export function sectionRule(type: string): SectionRule | undefined {
  return RULES[ALIASES[type] ?? type];
}
