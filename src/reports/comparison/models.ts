import { paretoFront, scatterChart } from '../charts/scatter-chart.ts';
import { type Html, html } from '../page/html.ts';
import { renderPage } from '../page/page.ts';
import { type Cell, table } from '../page/table.ts';

/** Cost and accuracy of a model in a comparison. */
export interface ModelSubject {
  readonly name: string;
  /** AP, 0–1. Undefined if it was not measured. */
  readonly AP: number | undefined;
  /** Origin of the AP, as text. */
  readonly accuracy: string | undefined;
  readonly input: { readonly width: number; readonly height: number };
  /** Median time for one image. */
  readonly milliseconds: number | undefined;
  readonly macs: number;
  readonly parameters: number;
  /** Size of the model file. Undefined for a network without one. */
  readonly bytes: number | undefined;
}

const COSTS = [
  { title: 'Time', unit: 'ms per image', of: (model: ModelSubject) => model.milliseconds },
  { title: 'Multiply-accumulates', unit: 'G', of: (model: ModelSubject) => model.macs / 1e9 },
  {
    title: 'Size of the file',
    unit: 'MB',
    of: (model: ModelSubject) => (model.bytes === undefined ? undefined : model.bytes / 1e6),
  },
] as const;

function charts(models: readonly ModelSubject[]): readonly Html[] {
  return COSTS.flatMap(({ title, unit, of }): readonly Html[] => {
    const points = models.flatMap((model) => {
      const [x, y] = [of(model), model.AP];
      return x === undefined || y === undefined ? [] : [{ name: model.name, x, y: 100 * y }];
    });
    if (points.length < 2) return [];
    const front = paretoFront(points);
    return [
      scatterChart({
        title: `AP by ${title.toLowerCase()}`,
        xTitle: `${title.toLowerCase()}, ${unit}`,
        yTitle: 'AP, %',
        points: points.map((point) => ({
          name: point.name,
          x: Number(point.x.toPrecision(4)),
          y: Number(point.y.toPrecision(4)),
          isBest: front.has(point),
        })),
      }),
    ];
  });
}

const number = (value: number | undefined, digits: number): Cell => ({
  shown: value === undefined ? '–' : value.toFixed(digits),
  value: value ?? -1,
});

/** Renders a page that compares models by cost and accuracy. */
export function renderModelComparison(models: readonly ModelSubject[]): string {
  const drawn = charts(models);
  const right = (title: string) => ({ title, isNumber: true });
  return renderPage({
    title: `${models.length} models`,
    lead: 'Their cost and accuracy.',
    facts: [],
    sections: [
      {
        id: 'charts',
        title: 'Trade-offs',
        about: 'Blue: no other model is both cheaper and better.',
        body:
          drawn.length > 0
            ? html`<div class="charts">${drawn}</div>`
            : html`<p>AP is known for fewer than two models: measure them on one data set with <code>compare --data</code>.</p>`,
      },
      {
        id: 'models',
        title: 'Models',
        body: table({
          id: 'models-table',
          caption: 'Cost and accuracy; time is the median of one image on this machine',
          columns: [
            { title: 'model' },
            { title: 'input' },
            ...['AP, %', 'ms', 'G MACs', 'M parameters', 'MB'].map(right),
            { title: 'measured on' },
          ],
          rows: models.map(({ name, AP, accuracy, input, milliseconds, macs, parameters, bytes }) => [
            name,
            `${input.width}×${input.height}`,
            number(AP === undefined ? undefined : 100 * AP, 1),
            number(milliseconds, 2),
            number(macs / 1e9, 3),
            number(parameters / 1e6, 2),
            number(bytes === undefined ? undefined : bytes / 1e6, 1),
            accuracy ?? '–',
          ]),
          filter: 'models',
        }),
      },
    ],
  });
}
