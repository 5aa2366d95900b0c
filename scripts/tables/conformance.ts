import { FAMILIES } from '../../src/detection/families/families.ts';
import type { Outcome } from '../conformance/case.ts';
import { results } from './results.ts';

/** Every family that is recognized. */
export function familiesTable(): string {
  const rows = FAMILIES.map(
    ({ name, title, size, iouThreshold, license }) =>
      `| \`${name}\` | ${title} | ${size} px | ${iouThreshold === 1 ? 'none' : iouThreshold} | ${license} |`,
  );
  return [
    '| `--as` | family | usual input side | NMS IoU | license |',
    '| --- | --- | ---: | ---: | --- |',
    ...rows,
  ].join('\n');
}

/** Our detections with each reference's model, compared with its own code's. */
export function conformanceTable(): string {
  const { cases } = results<{ readonly cases: readonly Outcome[] }>('conformance');
  const rows = cases.flatMap(({ name, source, outcome, title, detections, difference }) => {
    if (!difference) return [];
    const { boxDifference, scoreDifference, unmatched } = difference;
    const reference = source.replace(/:.*$/s, '').replaceAll('|', ' ');
    return [
      `| ${title} | ${name} | ${reference} | ${outcome} | ${detections! - unmatched} of ${detections} | ${boxDifference.toFixed(3)} px | ${scoreDifference.toExponential(1)} |`,
    ];
  });
  return [
    '| family | model | reference | outcome | matched | worst box | worst score |',
    '| --- | --- | --- | --- | ---: | ---: | ---: |',
    ...rows.sort(),
  ].join('\n');
}

/** Results for files that are not detectors, ambiguous or damaged. */
export function trapsTable(): string {
  const { cases } = results<{ readonly cases: readonly Outcome[] }>('conformance');
  const rows = cases
    .filter(({ difference }) => !difference)
    .map(
      ({ name, outcome, title, message }) =>
        `| ${name} | ${outcome} | ${(outcome === 'recognized' ? title! : message.replace(/^model\.onnx: /, '')).replaceAll('|', ' ').slice(0, 160)} |`,
    );
  return ['| file | outcome | family or message |', '| --- | --- | --- |', ...rows].join('\n');
}
