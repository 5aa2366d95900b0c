import { type DetectorsResults, millions, results } from './results.ts';

interface DefaultModelResults {
  readonly metrics: Readonly<Record<string, number>>;
  readonly classes: readonly {
    readonly name: string;
    readonly truths: number;
    readonly AP: number;
    readonly AP50: number;
    readonly AR100: number;
  }[];
  readonly sizes: Readonly<Record<string, number>>;
}

/** The model's card: its figures, and what of `detectors` is of its network. */
export function defaultModelTable(): string {
  const { metrics, classes, sizes } = results<DefaultModelResults>('default-model');
  const { machine, side, detectors } = results<DetectorsResults>('detectors');
  const { macs, memoryAccess, ms } = detectors.find(({ name }) => name === 'micro-yolo')!;
  const figure = (value: number) => value.toFixed(3);
  const rows = classes.map(
    ({ name, truths, AP, AP50, AR100 }) =>
      `| ${name} | ${truths} | ${figure(AP)} | ${figure(AP50)} | ${figure(AR100)} |`,
  );
  const { AP, AP50, AP75, APsmall, APmedium, APlarge, AR1, AR10, AR100, ARsmall, ARmedium, ARlarge } =
    metrics as Record<string, number> & typeof metrics;
  const bold = (value: number) => `**${figure(value)}**`;
  return [
    '| of all, IoU 0.50–0.95 | 0.50 | 0.75 | small | medium | large |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    `| AP ${bold(AP!)} | ${bold(AP50!)} | ${figure(AP75!)} | ${figure(APsmall!)} | ${figure(APmedium!)} | ${figure(APlarge!)} |`,
    '',
    '| of all, most detections an image | 1 | 10 | 100 | small | medium | large |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    `| AR | ${[AR1, AR10, AR100, ARsmall, ARmedium, ARlarge].map((value) => figure(value!)).join(' | ')} |`,
    '',
    '| the most frequent classes | objects | AP | AP50 | AR100 |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `| an image of ${side} px | |`,
    '| --- | ---: |',
    `| multiply-accumulates | ${millions(macs)} |`,
    `| memory access | ${millions(memoryAccess)} values |`,
    `| the network's time (${machine.cpu}) | ${ms.toFixed(1)} ms |`,
    ...Object.entries(sizes).map(([format, bytes]) => `| ${format} | ${(bytes / 1e6).toFixed(2)} MB |`),
  ].join('\n');
}
