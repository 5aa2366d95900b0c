import type { BootstrapDifference } from '../../evaluation/bootstrap/bootstrap.ts';
import { type Html, html } from '../page/html.ts';
import { percent, points, range } from '../page/numbers.ts';
import { renderPage } from '../page/page.ts';
import { type Cell, table } from '../page/table.ts';
import { runCharts } from './run-charts.ts';
import type { RunSubject } from './subject.ts';

/** Contents of a comparison of runs. */
export interface RunComparison {
  readonly runs: readonly RunSubject[];
  /** Metrics of each run minus the first one's. Undefined if detections were not stored or the images differ. */
  readonly differences: readonly (BootstrapDifference | undefined)[];
}

function differenceOf(difference: BootstrapDifference | undefined): Cell {
  const AP = difference?.metrics.AP;
  if (AP === undefined) return { shown: '–', value: 0 };
  const kind = AP.low > 0 ? 'better' : AP.high < 0 ? 'worse' : '';
  return {
    shown: html`<span class="${kind}">${points(AP.value)}</span> <span class="small">${points(AP.low)} to ${points(AP.high)}</span>`,
    value: AP.value,
  };
}

function settingsTable(runs: readonly RunSubject[]): Html {
  const names = [...new Set(runs.flatMap(({ settings }) => settings.map(({ name }) => name)))].sort();
  const settingOf = (run: RunSubject, name: string) => {
    const own = run.settings.find((setting) => setting.name === name);
    const usual = runs.flatMap(({ settings }) => settings).find((setting) => setting.name === name)!.usual;
    return own?.value ?? usual;
  };
  const different = names.filter((name) => new Set(runs.map((run) => settingOf(run, name))).size > 1);
  if (different.length === 0) return html`<p>All settings are the same.</p>`;
  return table({
    id: 'settings-table',
    caption: 'Settings that differ between the runs',
    columns: [{ title: 'setting' }, ...runs.map(({ name }) => ({ title: name }))],
    rows: different.map((name) => [name, ...runs.map((run) => settingOf(run, name))]),
  });
}

/** Renders a page that compares runs: metrics with intervals, curves and settings. */
export function renderRunComparison({ runs, differences }: RunComparison): string {
  const right = (title: string) => ({ title, isNumber: true });
  const deciding = runs[0]!.deciding;
  return renderPage({
    title: runs.map(({ name }) => name).join(' and '),
    lead: 'Training runs side by side.',
    facts: [['runs', String(runs.length)]],
    sections: [
      {
        id: 'figures',
        title: 'Figures',
        about:
          'Figures of the best model of each run. If the interval of a difference contains 0, there is no clear difference.',
        body: table({
          id: 'figures-table',
          caption: `Best ${deciding} of each run; the difference is that of each run minus ${runs[0]!.name}`,
          columns: [
            { title: 'run' },
            ...[`best ${deciding}`, '95 % interval', 'difference', 'epoch', 'epochs', 'last loss'].map(right),
          ],
          rows: runs.map(({ name, best, interval, rows }, place) => [
            name,
            { shown: percent(best?.value), value: best?.value ?? -1 },
            { shown: range(interval), value: interval?.low ?? -1 },
            differenceOf(differences[place]),
            { shown: best?.epoch ?? '–', value: best?.epoch ?? 0 },
            { shown: rows.length, value: rows.length },
            { shown: rows.at(-1)?.['loss']?.toPrecision(4) ?? '–', value: rows.at(-1)?.['loss'] ?? 0 },
          ]),
        }),
      },
      { id: 'curves', title: 'Curves', body: html`<div class="charts">${runCharts(runs)}</div>` },
      { id: 'settings', title: 'Settings', body: settingsTable(runs) },
      {
        id: 'samples',
        title: 'Samples',
        about: 'The last samples of each run.',
        body: html`<div class="gallery">${runs.flatMap(({ name, samples }) =>
          samples
            .slice(0, 1)
            .map(
              ({ href, title }) =>
                html`<figure class="example"><figcaption><strong>${name}</strong> <span class="small">${title}</span></figcaption><img class="picture" src="${href}" alt="${`${name}, ${title}`}"></figure>`,
            ),
        )}</div>`,
      },
    ],
  });
}
