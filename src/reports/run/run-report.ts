import { type Html, html } from '../page/html.ts';
import { percent } from '../page/numbers.ts';
import { type Page, renderPage } from '../page/page.ts';
import { table } from '../page/table.ts';
import { runCharts } from './run-charts.ts';
import type { RunPicture, RunSubject } from './subject.ts';

const STATES: Readonly<Record<RunSubject['state'], string>> = {
  running: 'Running: this page reloads every 30 seconds.',
  finished: 'Finished.',
  'no-better': 'Ended early: no improvement.',
  interrupted: 'Interrupted: you can resume it.',
  failed: 'Stopped by an error.',
};
const REFRESH = 30;

const pictures = (shown: readonly RunPicture[], none: string): Html =>
  shown.length === 0
    ? html`<p>${none}</p>`
    : html`<div class="gallery">${shown.map(
        ({ title, href }) =>
          html`<figure class="example"><figcaption><strong>${title}</strong></figcaption><img class="picture" src="${href}" alt="${title}"></figure>
`,
      )}</div>`;

function cards({ rows, best, deciding, interval }: RunSubject): Html {
  const last = rows.at(-1);
  const rate = last?.['imagesPerSecond'];
  const facts: readonly (readonly [string, string, string])[] = [
    ['epochs', String(rows.length), ''],
    [
      `best ${deciding}`,
      percent(best?.value),
      [
        best && `epoch ${best.epoch}`,
        interval && `95 % interval ${percent(interval.low)} to ${percent(interval.high)}`,
      ]
        .filter(Boolean)
        .join(', '),
    ],
    ['loss', last?.['loss']?.toPrecision(4) ?? '–', 'of the last epoch'],
    ['images/s', rate === undefined ? '–' : rate.toFixed(1), 'of the last epoch'],
  ];
  return html`<ul class="cards">${facts.map(
    ([name, value, about]) =>
      html`<li><div class="name">${name}</div><div class="value">${value}</div><div class="range">${about}</div></li>`,
  )}</ul>`;
}

function pageOf(subject: RunSubject): Page {
  const { name, state, rows, settings, environment, batches, samples, notes } = subject;
  const charts = runCharts([{ name, rows }]);
  return {
    title: name,
    lead: STATES[state],
    facts: environment.slice(0, 4),
    refresh: state === 'running' ? REFRESH : undefined,
    sections: [
      {
        id: 'curves',
        title: 'Curves',
        body: html`${cards(subject)}${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${charts.length > 0 ? html`<div class="charts">${charts}</div>` : html`<p>Curves appear after the first epoch.</p>`}`,
      },
      {
        id: 'batches',
        title: 'First batches',
        about: 'The augmented images and boxes that the network trains on.',
        body: pictures(batches, 'Not kept: this part of the run was resumed.'),
      },
      {
        id: 'samples',
        title: 'Samples over time',
        about: 'Detections in the same images, latest first.',
        body: pictures(samples, 'Samples appear after the first evaluation.'),
      },
      {
        id: 'settings',
        title: 'Settings',
        body:
          settings.length === 0
            ? html`<p>All settings have their defaults.</p>`
            : table({
                id: 'settings-table',
                caption: 'Settings that differ from the defaults',
                columns: [{ title: 'setting' }, { title: 'value' }, { title: 'default' }],
                rows: settings.map(({ name: setting, value, usual }) => [setting, value, usual]),
                filter: 'settings',
              }),
      },
      {
        id: 'environment',
        title: 'Environment',
        body: table({
          id: 'environment-table',
          caption: 'Data, machine and versions',
          columns: [{ title: 'what' }, { title: 'value' }],
          rows: environment.map(([what, value]) => [what, value]),
        }),
      },
    ],
  };
}

/** Renders the report of a run. */
export const renderRunReport = (subject: RunSubject): string => renderPage(pageOf(subject));
