import type { Squeeze } from '../blocks/squeeze-excite.ts';
import type { Stage } from './stages.ts';

const pep = { block: 'pep', kernel: 3, stride: 1 } as const;
/** The expansion-projection module. */
const ep = { block: 'mbconv', kernel: 3, expand: 1, shortcut: 'identity' } as const;
/** The fully-connected attention module. */
const squeeze: Squeeze = { ratio: 8, of: 'expanded', activation: 'relu6', gate: 'sigmoid', bias: false };

/**
 * YOLO Nano's backbone, https://arxiv.org/abs/1910.01271. The paper shows its layers in a figure. The channels here are
 * those on which public reimplementations agree. Comments give the side of the feature map for a 416 px input.
 */
export const yoloNanoStages = [
  { block: 'conv', kernel: 3, stride: 1, out: 12 }, // 416
  { block: 'conv', kernel: 3, stride: 2, out: 24 }, // 208
  { ...pep, out: 24, project: 7 },
  { ...ep, stride: 2, out: 70 }, // 104
  { ...pep, out: 70, project: 25 },
  { ...pep, out: 70, project: 24 },
  { ...ep, stride: 2, out: 150 }, // 52
  { ...pep, out: 150, project: 56 },
  { block: 'conv', kernel: 1, stride: 1, out: 150 },
  { block: 'attention', squeeze },
  { ...pep, out: 150, project: 73 },
  { ...pep, out: 150, project: 71 },
  { ...pep, out: 150, project: 75, tap: true },
  { ...ep, stride: 2, out: 325 }, // 26
  { ...pep, out: 325, project: 132 },
  { ...pep, out: 325, project: 124 },
  { ...pep, out: 325, project: 141 },
  { ...pep, out: 325, project: 140 },
  { ...pep, out: 325, project: 137 },
  { ...pep, out: 325, project: 135 },
  { ...pep, out: 325, project: 133 },
  { ...pep, out: 325, project: 140, tap: true },
  { ...ep, stride: 2, out: 545 }, // 13
  { ...pep, out: 545, project: 276 },
  { block: 'conv', kernel: 1, stride: 1, out: 230 },
  { ...ep, stride: 1, out: 489 },
  { ...pep, out: 469, project: 213 },
  { block: 'conv', kernel: 1, stride: 1, out: 189, tap: true },
] as const satisfies readonly Stage[];
