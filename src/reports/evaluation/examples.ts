import type { InstructiveImage } from '../../evaluation/analysis/instructive.ts';
import { TIDE_ERRORS } from '../../evaluation/tide/tide.ts';
import { counted } from '../../foundation/counted.ts';
import { mapParallel } from '../../foundation/parallel.ts';
import { type Mark, markedPicture } from '../marked-picture.ts';
import { type Html, html } from '../page/html.ts';
import { wholePicture } from '../pictures.ts';
import { ERROR_KINDS, kindTag } from './kinds.ts';
import { categoryNames, type EvaluationSubject, evaluatedImages } from './subject.ts';

/** Longest side of a picture in pixels, and number of images decoded at a time. */
const SIDE = 420;
const WORKERS = 4;
/** Maximum number of labels on a picture. If there are more boxes, only errors are labeled. */
const LABELS = 14;

const boxOf = (boxes: Float64Array, row: number) => boxes.subarray(4 * row, 4 * row + 4);

function truthMarks(subject: EvaluationSubject, { image, unfound }: InstructiveImage): readonly Mark[] {
  const { truths } = subject.input;
  const names = categoryNames(subject);
  const rows = [...truths.images.keys()].filter((row) => row < truths.count && truths.images[row] === image);
  const lost = new Set(unfound);
  return rows.map((row) => ({
    box: boxOf(truths.boxes, row),
    label: `${names[truths.categories[row]!]}${truths.crowd[row] ? ' (crowd)' : ''}`,
    color: truths.crowd[row] ? 'var(--ignored)' : lost.has(row) ? 'var(--missed)' : 'var(--right)',
    isDashed: truths.crowd[row] === 1,
    isTagged: rows.length <= LABELS || lost.has(row),
  }));
}

function detectionMarks(
  subject: EvaluationSubject,
  { detections: judged }: InstructiveImage,
): readonly Mark[] {
  const { detections } = subject.input;
  const names = categoryNames(subject);
  return judged.map(({ row, verdict }) => ({
    box: boxOf(detections.boxes, row),
    label: `${names[detections.categories[row]!]} ${detections.scores[row]!.toFixed(2)}`,
    color: `var(--${verdict})`,
    isDashed: verdict === 'ignored',
    isTagged: judged.length <= LABELS || (verdict !== 'right' && verdict !== 'ignored'),
  }));
}

/** Summary of an image's detections, as text. */
function countOf({ detections, unfound }: InstructiveImage): string {
  const right = detections.filter(({ verdict }) => verdict === 'right').length;
  const wrong = detections.filter(({ verdict }) => verdict !== 'right' && verdict !== 'ignored').length;
  return `${right} correct, ${wrong} wrong, ${unfound.length} of ${right + unfound.length} objects not found`;
}

/** Gallery of images with truth and detections side by side, filterable by kind of error. */
export async function exampleGallery(subject: EvaluationSubject): Promise<Html> {
  const { images } = subject.analysis;
  const records = evaluatedImages(subject);
  const figures = await mapParallel(images, WORKERS, async (example) => {
    const record = records[example.image]!;
    const picture = await wholePicture(subject.dataset, record, SIDE);
    if (picture === undefined) return html``;
    const id = `picture-${example.image}`;
    const [objects, found] = [truthMarks(subject, example), detectionMarks(subject, example)];
    const count = countOf(example);
    return html`<figure class="example" data-kinds="${example.kinds.join(' ')}">
<figcaption><strong>${record.fileName}</strong> <span class="small">${count}</span> ${example.kinds.map(kindTag)}</figcaption>
<div class="pair"><div><p>Truth</p>${markedPicture({ picture, marks: objects, id, summary: `${record.fileName}, truth: ${counted(objects.length, 'box', 'boxes')}` })}</div>
<div><p>Detections</p>${markedPicture({ picture, marks: found, id, isAgain: true, summary: `${record.fileName}, detections: ${count}` })}</div></div>
</figure>
`;
  });
  const present = TIDE_ERRORS.filter((kind) => images.some(({ kinds }) => kinds.includes(kind)));
  return html`<ul class="legend"><li><i style="background:var(--right)"></i>correct, or found</li>${TIDE_ERRORS.map(
    (kind) =>
      html`<li><i style="background:var(--${kind})"></i>${ERROR_KINDS[kind].title.toLowerCase()}</li>`,
  )}<li><i style="background:var(--ignored)"></i>crowd: does not count</li></ul>
<div class="tools" style="margin-top:12px"><label for="example-kind">Show images with</label>
<select id="example-kind" data-kinds="examples-list"><option value="">any error</option>${present.map(
    (kind) => html`<option value="${kind}">${ERROR_KINDS[kind].title.toLowerCase()}</option>`,
  )}</select> <output id="example-kind-count" class="small" for="example-kind"></output></div>
<div class="gallery" id="examples-list">${figures}</div>`;
}
