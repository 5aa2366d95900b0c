import { convBlock } from '../blocks/conv-block.ts';
import { mbconv } from '../blocks/mbconv.ts';
import { pep } from '../blocks/pep.ts';
import type { NetworkBuilder } from '../builder.ts';
import type { PyramidTaps } from './pyramid.ts';
import { type YoloHeadOptions, yoloOutput } from './yolo-output.ts';

/** Output channels and first-projection channels of the modules at each scale. */
const MIDDLE = [
  [325, 113],
  [207, 99],
] as const;
const SHALLOW = [
  [122, 58],
  [87, 52],
  [93, 47],
] as const;

/**
 * YOLO Nano's head, https://arxiv.org/abs/1910.01271: three scales, built from the backbone's kinds of modules. Each
 * finer scale also reads the upsampled coarser one. Channels as in backbones/yolo-nano.ts.
 */
export function yoloNanoHead(builder: NetworkBuilder, taps: PyramidTaps, options: YoloHeadOptions): void {
  const { classes, anchors, activation } = options;
  const pointwise = (name: string, input: string, outChannels: number) =>
    convBlock(builder, name, input, { outChannels, kernel: 1, activation });
  /** The expansion-projection module. */
  const expand = (name: string, input: string, outChannels: number) =>
    mbconv(builder, name, input, { outChannels, kernel: 3, expansion: 1, shortcut: 'identity', activation });
  const join = (scale: 'middle' | 'shallow', coarser: string, channels: number) => {
    const upsampled = builder.upsample(
      `head.${scale}.upsample`,
      pointwise(`head.${scale}.lateral`, coarser, channels),
      2,
    );
    return builder.concat(`head.${scale}.join`, [upsampled, taps[scale].name]);
  };
  const modules = (name: string, input: string, rows: readonly (readonly [out: number, project: number])[]) =>
    rows.reduce(
      (last, [outChannels, project], index) =>
        pep(builder, `${name}.${index}`, last, { outChannels, project, kernel: 3, activation }),
      input,
    );
  const predict = (scale: keyof PyramidTaps, input: string, index: number) =>
    yoloOutput(builder, `head.${scale}`, input, { classes, anchors: anchors[index] ?? [] });

  predict('deep', expand('head.deep.spatial', taps.deep.name, 462), 0);
  const joined = modules('head.middle', join('middle', taps.deep.name, 105), MIDDLE);
  const middle = pointwise('head.middle.reduce', joined, 98);
  predict('middle', expand('head.middle.spatial', middle, 183), 1);
  predict('shallow', modules('head.shallow', join('shallow', middle, 47), SHALLOW), 2);
}
