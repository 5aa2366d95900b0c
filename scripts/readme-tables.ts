/**
 * Writes README's tables anew from results/*.json and the registry, between `<!-- table:NAME -->` marks.
 * `npx tsx scripts/readme-tables.ts`; a test fails while README is behind.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildDetector, detectorNames, networkCost } from '../src/index.ts';

const root = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const results = <T>(name: string) => JSON.parse(readFileSync(root(`results/${name}.json`), 'utf8')) as T;

interface Machine {
  readonly machine: { readonly cpu: string; readonly node: string };
}
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

function detectTable(): string {
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
    'Medians of alternating runs, answers compared first: `scripts/benchmarks/detect.ts`. "bilinear" gives the',
    'pixels OpenCV gives and is what Darknet models expect; "area" is antialiased and decodes large photos at a',
    'fraction of their size.',
  ].join('\n');
}

function networksTable(): string {
  const { networks } = results<NetworkResults>('network');
  const rows = detectorNames.map((name) => {
    const { parameters, macs } = networkCost(buildDetector(name));
    const { ms, ratio } = networks.find((network) => network.name === name)!;
    const [millions, giga] = [(parameters.trainable / 1e6).toFixed(2), (macs / 1e9).toFixed(2)];
    return `| ${name} | ${millions} M | ${giga} G | ${ms.toFixed(1)} ms | ${ratio.toFixed(2)} |`;
  });
  return [
    "| 80 classes, 416 px | parameters | multiply-accumulates | time | of PyTorch's ONNX export |",
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    'The same machine; batch norms folded in both, one ONNX Runtime: `scripts/benchmarks/network.ts`.',
  ].join('\n');
}

const tables: Readonly<Record<string, () => string>> = { detect: detectTable, networks: networksTable };

/** README with its tables written anew. */
export function renderReadme(readme: string): string {
  return readme.replace(
    /(<!-- table:(\w+) -->\n)[\s\S]*?(<!-- \/table:\2 -->)/g,
    (_, open: string, name: string, close: string) => `${open}${tables[name]!()}\n${close}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(root('README.md'), renderReadme(readFileSync(root('README.md'), 'utf8')));
}
