import { basename, join } from 'node:path';
import { drawLineChart } from '../../drawing/chart.ts';
import { classColor } from '../../drawing/palette.ts';
import { saveCanvas } from '../../drawing/save.ts';
import { makeFolder } from '../../foundation/files/folders.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { whole } from '../page/numbers.ts';
import { renderPage, type Section } from '../page/page.ts';
import { calibrationSection } from './calibration.ts';
import { classTable } from './classes.ts';
import { confusionSection } from './confusion.ts';
import { curveCharts, curveSection, namedCurves } from './curves.ts';
import { errorCosts } from './errors.ts';
import { exampleGallery } from './examples.ts';
import { partTables } from './parts.ts';
import type { EvaluationSubject } from './subject.ts';
import { summary } from './summary.ts';
import { suspectSection } from './suspects.ts';

/** Maximum number of classes in a PNG, most frequent first. */
const DRAWN = 10;

async function sectionsOf(subject: EvaluationSubject): Promise<readonly Section[]> {
  return [
    {
      id: 'summary',
      title: 'Summary',
      about:
        'Figures in percent. The 95 % intervals show how much the figures would vary on other images of the same kind. They extend further down than up, because small samples overestimate AP.',
      body: summary(subject),
    },
    {
      id: 'errors',
      title: 'What costs AP',
      about:
        'How much AP50 would rise if one kind of error were fixed (TIDE), and how many such errors there are.',
      body: errorCosts(subject),
    },
    { id: 'curves', title: 'Curves', body: curveSection(subject) },
    { id: 'classes', title: 'Classes', body: classTable(subject) },
    { id: 'parts', title: 'Size, shape, crowding', body: partTables(subject) },
    { id: 'confusion', title: 'Confusion', body: confusionSection(subject) },
    {
      id: 'calibration',
      title: 'Calibration',
      about: 'Of detections with a score of 0.8, four of five should be correct.',
      body: calibrationSection(subject),
    },
    {
      id: 'images',
      title: 'Instructive images',
      about: `The images with the worst errors of each kind, among detections with a score of at least ${subject.analysis.workingThreshold.toFixed(2)}.`,
      body: await exampleGallery(subject),
    },
    {
      id: 'labels',
      title: 'Suspected label errors',
      about: 'Green boxes are labels. Other colors are detections. Check which one is right.',
      body: await suspectSection(subject),
    },
  ];
}

/** Draws the curves as PNG files, for slides and papers. */
async function drawCurves(subject: EvaluationSubject, folder: string): Promise<void> {
  const { joined, classes } = namedCurves(subject);
  const frequent = classes.toSorted((a, b) => b.curves.truths - a.curves.truths).slice(0, DRAWN);
  for (const chart of curveCharts(subject)) {
    const series = frequent.map(({ name, curves }, place) => ({
      name,
      color: classColor(place),
      points: chart.ofClass(curves),
      pointRadius: 0,
    }));
    const all = { name: joined, color: '#1c2530', points: chart.all, pointRadius: 0 };
    await saveCanvas(await drawLineChart({ ...chart, series: [all, ...series] }), join(folder, chart.file));
  }
}

/**
 * Writes a report that explains the metrics: a self-contained `index.html`, and the curves as PNG files.
 * @returns path of the page
 * @throws MicroYoloError `not-writable`
 */
export async function writeEvaluationReport(subject: EvaluationSubject, folder: string): Promise<string> {
  const { report, model, data, baseline } = subject;
  const page = renderPage({
    title: `${basename(model)} on ${basename(data)}`,
    lead: 'An explanation of the figures.',
    facts: [
      ['model', model],
      ['data', data],
      ['images', whole(report.images)],
      ['objects', whole(report.truths)],
      ['detections', whole(report.detections)],
      ...(baseline ? ([['compared with', baseline.name]] as const) : []),
      ['created', new Date().toISOString().slice(0, 16).replace('T', ' ')],
    ],
    sections: await sectionsOf(subject),
  });
  await makeFolder(folder);
  await drawCurves(subject, folder);
  const path = join(folder, 'index.html');
  await writeWholeFile(path, page);
  return path;
}
