import { buildDetector, networkCost } from '../../src/api/networks.ts';
import { type Machine, results } from './results.ts';

interface DetectResults extends Machine {
  readonly photos: readonly {
    readonly photo: string;
    readonly contenders: readonly { readonly name: string; readonly ms: number; readonly ratio: number }[];
  }[];
}

interface NetworkResults extends Machine {
  readonly networks: readonly {
    readonly name: string;
    readonly ms: number;
    readonly peerMs: number;
    readonly ratio: number;
  }[];
}

export function detectTable(): string {
  const { machine, photos } = results<DetectResults>('detect');
  const rows = photos.flatMap(({ photo, contenders }) =>
    contenders.map(
      ({ name, ms, ratio }) => `| ${photo} | ${name} | ${ms.toFixed(1)} ms | ${ratio.toFixed(2)} × |`,
    ),
  );
  return [
    `| MobileNetV2-YOLOv3-Nano, from file to boxes | | time (${machine.cpu}) | speed against OpenCV |`,
    '| --- | --- | ---: | ---: |',
    ...rows,
    '',
    'Medians of alternating runs; `scripts/benchmarks/detect.ts` first checks that the detections agree. "bilinear" gives the same',
    'pixels as OpenCV, as Darknet models expect. "area" is antialiased, and decodes large photos at reduced size.',
  ].join('\n');
}

export function networksTable(): string {
  const { networks } = results<NetworkResults>('network');
  const rows = (['micro-yolo', 'yolov3-tiny'] as const).map((name) => {
    const { parameters, macs } = networkCost(buildDetector(name));
    const { ms, ratio } = networks.find((network) => network.name === name)!;
    const [millions, giga] = [(parameters.trainable / 1e6).toFixed(2), (macs / 1e9).toFixed(2)];
    return `| ${name} | ${millions} M | ${giga} G | ${ms.toFixed(1)} ms | ${ratio.toFixed(2)} |`;
  });
  return [
    "| 80 classes, 416 px | parameters | multiply-accumulates | time | relative to PyTorch's ONNX export |",
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    'Same machine and ONNX Runtime, batch norms folded in both: `scripts/benchmarks/network/network.ts`.',
  ].join('\n');
}
