import type { Anchor } from '../../../network/layers.ts';
import type { SectionReader } from './config.ts';
import type { SectionContext } from './section-context.ts';

function anchorPairs(reader: SectionReader, byDefault: readonly number[]): readonly Anchor[] {
  const given = reader.numbers('anchors');
  const numbers = given.length > 0 ? given : byDefault;
  if (numbers.length % 2 !== 0)
    reader.fail(`anchors= has ${numbers.length} numbers, expected pairs of width and height`);
  return Array.from({ length: numbers.length / 2 }, (_, i): Anchor => [numbers[2 * i]!, numbers[2 * i + 1]!]);
}

export function yolo(
  reader: SectionReader,
  input: string,
  name: string,
  { builder }: SectionContext,
): string {
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

export function refuseTree(reader: SectionReader): void {
  if (reader.text('tree')) reader.fail('tree= is not supported, only classes without a hierarchy are');
}

export function region(
  reader: SectionReader,
  input: string,
  name: string,
  { builder }: SectionContext,
): string {
  reader.only('coords', 4);
  reader.only('background', 0);
  refuseTree(reader);
  const anchors = anchorPairs(reader, [0.5, 0.5]);
  const count = reader.integer('num', anchors.length, 1);
  if (count !== anchors.length) reader.fail(`num=${count}, but anchors= has ${anchors.length} pairs`);
  const [classes, softmax] = [reader.integer('classes', 20, 1), reader.integer('softmax', 0) > 0];
  return builder.add({ type: 'region', name, inputs: [input], anchors, classes, softmax });
}
