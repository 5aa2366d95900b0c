/**
 * Layouts of Micro-YOLO that fit the paper's parameters and multiply-accumulates: the chosen one and the others, compared with YOLOv3-tiny:
 * forward pass at 416, all cores, alternating, median ratios. `npx tsx scripts/benchmarks/network/micro-yolo-layouts.ts`
 */
import { networkCost } from '../../../src/network/cost.ts';
import { microYolo } from '../../../src/network/detectors/micro-yolo.ts';
import { type TinyDetectorLayout, tinyDetector } from '../../../src/network/detectors/tiny-detector.ts';
import { yolov3Tiny } from '../../../src/network/detectors/yolov3-tiny.ts';
import { numbers } from '../../numbers.ts';
import { alternate, median, medianRatio } from '../alternate.ts';
import { networkContender } from '../untrained.ts';

const squeeze = { ratio: 4, of: 'input' } as const;
const mb = { block: 'mbconv', squeeze } as const;
const halve = { block: 'maxPool', kernel: 2, stride: 2 } as const;

type Layout = Pick<TinyDetectorLayout, 'stages' | 'head'>;

const layouts: Readonly<Record<string, Layout>> = {
  // YOLOv3-tiny's own widths and pools, its convolutions replaced one by one.
  'tiny-skeleton': {
    stages: [
      { block: 'conv', kernel: 3, stride: 1, out: 16 },
      halve,
      { ...mb, kernel: 3, stride: 1, out: 32, expand: 4 },
      halve,
      { ...mb, kernel: 3, stride: 1, out: 64, expand: 4 },
      halve,
      { ...mb, kernel: 3, stride: 1, out: 128, expand: 4 },
      halve,
      { ...mb, kernel: 5, stride: 1, out: 256, expand: 4, tap: true },
      halve,
      { ...mb, kernel: 3, stride: 1, out: 504, expand: 4 },
      { block: 'maxPool', kernel: 2, stride: 1, padding: [0, 0, 1, 1] },
      { block: 'dsconv', kernel: 3, stride: 1, out: 1024, tap: true },
    ],
    head: { spatial: { block: 'dsconv', kernel: 3 } },
  },
  // MBConv from the second layer on.
  'mbconv-throughout': {
    stages: [
      { block: 'conv', kernel: 3, stride: 2, out: 16 },
      { ...mb, kernel: 3, stride: 2, out: 40, expand: 3 },
      { ...mb, kernel: 3, stride: 2, out: 72, expand: 3, repeat: 2 },
      { ...mb, kernel: 5, stride: 2, out: 176, expand: 3, repeat: 3, tap: true },
      { ...mb, kernel: 5, stride: 2, out: 280, expand: 4, repeat: 2, tap: true },
    ],
    head: { spatial: { block: 'dsconv', kernel: 5 } },
  },
  // DSConv on large maps, MBConv on deep ones.
  'dsconv-then-mbconv': {
    stages: [
      { block: 'conv', kernel: 3, stride: 2, out: 24 },
      { block: 'dsconv', kernel: 3, stride: 2, out: 64 },
      { block: 'dsconv', kernel: 3, stride: 2, out: 128, repeat: 2 },
      { ...mb, kernel: 5, stride: 2, out: 192, expand: 3, repeat: 3, tap: true },
      { ...mb, kernel: 5, stride: 2, out: 304, expand: 3, repeat: 2, tap: true },
    ],
    head: { spatial: { block: 'dsconv', kernel: 5 } },
  },
  // The same with the largest kernels.
  'large-kernels': {
    stages: [
      { block: 'conv', kernel: 3, stride: 2, out: 24 },
      { block: 'dsconv', kernel: 5, stride: 2, out: 64 },
      { block: 'dsconv', kernel: 5, stride: 2, out: 128, repeat: 2 },
      { ...mb, kernel: 7, stride: 2, out: 184, expand: 3, repeat: 3, tap: true },
      { ...mb, kernel: 7, stride: 2, out: 304, expand: 3, repeat: 2, tap: true },
    ],
    head: { spatial: { block: 'dsconv', kernel: 7 } },
  },
  // Plain convolutions while there are few channels, then MBConv.
  'dense-then-mbconv': {
    stages: [
      { block: 'conv', kernel: 3, stride: 2, out: 16 },
      { block: 'conv', kernel: 3, stride: 2, out: 32 },
      { block: 'conv', kernel: 3, stride: 2, out: 96 },
      { ...mb, kernel: 5, stride: 2, out: 176, expand: 3, repeat: 4, tap: true },
      { ...mb, kernel: 5, stride: 2, out: 288, expand: 3, repeat: 2, tap: true },
    ],
    head: { spatial: { block: 'dsconv', kernel: 5 } },
  },
  // Mostly DSConv, wide, with the head in MBConv.
  'dsconv-mbconv-head': {
    stages: [
      { block: 'conv', kernel: 3, stride: 2, out: 24 },
      { block: 'dsconv', kernel: 3, stride: 2, out: 64 },
      { block: 'dsconv', kernel: 3, stride: 2, out: 144, repeat: 3 },
      { block: 'dsconv', kernel: 5, stride: 2, out: 288, repeat: 3, tap: true },
      { block: 'dsconv', kernel: 5, stride: 2, out: 512, repeat: 3, tap: true },
    ],
    head: { spatial: { ...mb, kernel: 5, expand: 2 }, deep: 384 },
  },
};

const WINDOW = { parameters: [2_300_000, 2_558_487], macs: [950_000_000, 1_091_100_000] } as const;

const networks = [
  yolov3Tiny(),
  microYolo(),
  ...Object.entries(layouts).map(([name, layout]) => tinyDetector({ name, activation: 'relu', ...layout })),
];
const timings = await alternate(await Promise.all(networks.map(networkContender)), numbers(60)[0]);
console.log('layout                 parameters         MACs   memory access      ms   of YOLOv3-tiny   fits');
for (const network of networks) {
  const { parameters, macs, memoryAccess } = networkCost(network);
  const within = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;
  const fits = within(parameters.trainable, WINDOW.parameters) && within(macs, WINDOW.macs);
  console.log(
    [
      network.name.padEnd(20),
      parameters.trainable.toLocaleString('en-US').padStart(12),
      macs.toLocaleString('en-US').padStart(13),
      memoryAccess.toLocaleString('en-US').padStart(14),
      median(timings.get(network.name)!).toFixed(2).padStart(8),
      medianRatio(timings, network.name, 'yolov3-tiny').toFixed(3).padStart(12),
      (network.name === 'yolov3-tiny' ? '' : fits ? 'yes' : 'no').padStart(10),
    ].join(' '),
  );
}
process.exit(0);
