import { canonicalClass } from '../../src/foundation/classes/class-synonyms.ts';
import { type Machine, millions, results } from './results.ts';

/** The results of scripts/benchmarks/shipped-models.ts. */
interface ShippedModelsResults extends Machine {
  readonly models: readonly {
    readonly name: string;
    readonly side: number;
    readonly metrics: Readonly<
      Record<
        | ('AP' | 'AP50' | 'AP75' | 'APsmall' | 'APmedium' | 'APlarge')
        | ('AR1' | 'AR10' | 'AR100' | 'ARsmall' | 'ARmedium' | 'ARlarge'),
        number
      >
    >;
    readonly classes: readonly {
      readonly name: string;
      readonly truths: number;
      readonly AP: number;
      readonly AP50: number;
      readonly AR100: number;
    }[];
    readonly parameters: number;
    readonly macs: number;
    readonly memoryAccess: number;
    /** Median time of the network. */
    readonly ms: number;
    /** In bytes, by format. */
    readonly sizes: Readonly<Record<string, number>>;
  }[];
}

/** Accuracy, cost and size of a model, for its card. */
export function shippedModelTable(model: string): string {
  const { machine, models } = results<ShippedModelsResults>('shipped-models');
  const { metrics, classes, side, parameters, macs, memoryAccess, ms, sizes } = models.find(
    ({ name }) => name === model,
  )!;
  const figure = (value: number) => value.toFixed(3);
  const bold = (value: number) => `**${figure(value)}**`;
  const rows = classes.map(
    ({ name, truths, AP, AP50, AR100 }) =>
      `| ${canonicalClass(name)} | ${truths} | ${figure(AP)} | ${figure(AP50)} | ${figure(AR100)} |`,
  );
  const { AP, AP50, AP75, APsmall, APmedium, APlarge, AR1, AR10, AR100, ARsmall, ARmedium, ARlarge } =
    metrics;
  return [
    '| all objects, IoU 0.50–0.95 | IoU 0.50 | IoU 0.75 | small | medium | large |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    `| AP ${bold(AP)} | ${bold(AP50)} | ${figure(AP75)} | ${figure(APsmall)} | ${figure(APmedium)} | ${figure(APlarge)} |`,
    '',
    '| maximum detections per image | 1 | 10 | 100 | small | medium | large |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    `| AR | ${[AR1, AR10, AR100, ARsmall, ARmedium, ARlarge].map(figure).join(' | ')} |`,
    '',
    '| most frequent classes | objects | AP | AP50 | AR100 |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
    `| one ${side} px image | |`,
    '| --- | ---: |',
    `| parameters | ${millions(parameters)} |`,
    `| multiply-accumulates | ${millions(macs)} |`,
    `| memory access | ${millions(memoryAccess)} values |`,
    `| time of the network (${machine.cpu}) | ${ms.toFixed(1)} ms |`,
    ...Object.entries(sizes).map(([format, bytes]) => `| ${format} | ${(bytes / 1e6).toFixed(2)} MB |`),
  ].join('\n');
}
