import type { Html } from '../page/html.ts';
import { countCell, meterCell, percentCell, range } from '../page/numbers.ts';
import { table } from '../page/table.ts';
import type { EvaluationSubject } from './subject.ts';

/** A table with one row per class: metrics with intervals, and the score with the highest F1. */
export function classTable({ report, analysis, input }: EvaluationSubject): Html {
  const curves = new Map(analysis.curves.classes.map((own) => [own.categoryId, own]));
  const place = new Map(input.categoryIds.map((id, k) => [id, k]));
  const numbers = [
    'objects',
    'AP',
    '95 % interval',
    'AP50',
    'AR100',
    'best score',
    'precision',
    'recall',
    'F1',
  ];
  const rows = report.perClass
    .filter(({ truths }) => truths > 0)
    .toSorted((a, b) => b.truths - a.truths)
    .map(({ id, name, truths, AP, AP50, AR100 }) => {
      const interval = analysis.bootstrap.classes[place.get(id)!]?.AP;
      const best = curves.get(id)?.best;
      return [
        name,
        countCell(truths),
        meterCell(AP),
        { shown: range(interval), value: interval?.low ?? -1 },
        percentCell(AP50),
        percentCell(AR100),
        { shown: best?.score.toFixed(2) ?? '–', value: best?.score ?? -1 },
        percentCell(best?.precision),
        percentCell(best?.recall),
        percentCell(best?.f1),
      ];
    });
  return table({
    id: 'classes-table',
    caption: 'Figures by class; precision, recall and F1 at IoU 0.5 and the best score of the class',
    columns: [{ title: 'class' }, ...numbers.map((title) => ({ title, isNumber: true }))],
    rows,
    filter: 'classes',
  });
}
