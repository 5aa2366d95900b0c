import type { XywhPx } from '../../boxes/formats.ts';
import type { Suspect } from '../../evaluation/analysis/instructive.ts';
import { mapParallel } from '../../foundation/parallel.ts';
import { type Mark, markedPicture } from '../marked-picture.ts';
import { type Html, html } from '../page/html.ts';
import { croppedPicture } from '../pictures.ts';
import { categoryNames, type EvaluationSubject, evaluatedImages } from './subject.ts';

const SIDE = 200;
const WORKERS = 4;

const KINDS: Readonly<Record<Suspect['kind'], { readonly title: string; readonly about: string }>> = {
  'no truth': {
    title: 'Detected, not labeled',
    about: 'Confident detections where no object is labeled: a label may be missing.',
  },
  'other class': {
    title: 'Labeled as another class',
    about: 'Confident detections on objects with another label: the label may be wrong.',
  },
  'never found': {
    title: 'Never found',
    about: 'Labeled objects without any detection, at any score, largest first: there may be no object.',
  },
};

const boxOf = (boxes: Float64Array, row: number) =>
  [...boxes.subarray(4 * row, 4 * row + 4)] as unknown as XywhPx;

async function crop(subject: EvaluationSubject, suspect: Suspect): Promise<Html> {
  const { truths, detections } = subject.input;
  const names = categoryNames(subject);
  const record = evaluatedImages(subject)[suspect.image]!;
  const marks: Mark[] = [];
  let text = '';
  if (suspect.truth >= 0) {
    const name = names[truths.categories[suspect.truth]!]!;
    text = `labeled ${name}`;
    marks.push({
      box: boxOf(truths.boxes, suspect.truth),
      label: text,
      color: 'var(--right)',
      isTagged: false,
    });
  }
  if (suspect.detection >= 0) {
    const found = `${names[detections.categories[suspect.detection]!]} ${detections.scores[suspect.detection]!.toFixed(2)}`;
    text = text === '' ? found : `${text}, found ${found}`;
    const color = suspect.kind === 'no truth' ? 'var(--background)' : 'var(--classification)';
    marks.push({ box: boxOf(detections.boxes, suspect.detection), label: found, color, isTagged: false });
  }
  const box =
    suspect.detection >= 0 ? boxOf(detections.boxes, suspect.detection) : boxOf(truths.boxes, suspect.truth);
  const picture = await croppedPicture(subject.dataset, record, box, SIDE);
  if (picture === undefined) return html``;
  return html`<figure class="crop">${markedPicture({ picture, marks, summary: `${record.fileName}: ${text}` })}<figcaption>${text}<br><span class="small">${record.fileName}</span></figcaption></figure>
`;
}

/** Section with places where the labels may be wrong. */
export async function suspectSection(subject: EvaluationSubject): Promise<Html> {
  const kinds = Object.keys(KINDS) as Suspect['kind'][];
  const parts: Html[] = [];
  for (const kind of kinds) {
    const own = subject.analysis.suspects.filter((suspect) => suspect.kind === kind);
    if (own.length === 0) continue;
    const crops = await mapParallel(own, WORKERS, (suspect) => crop(subject, suspect));
    parts.push(
      html`<h3>${KINDS[kind].title}</h3><p class="small">${KINDS[kind].about}</p><div class="crops">${crops}</div>`,
    );
  }
  return parts.length > 0 ? html`${parts}` : html`<p>None found.</p>`;
}
