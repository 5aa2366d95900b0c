import type { NearPair } from '../../datasets/check/near-duplicates.ts';
import type { Dataset } from '../../datasets/dataset.ts';
import { boxInside } from '../../datasets/usable-boxes.ts';
import { classColor } from '../../drawing/palette.ts';
import { counted } from '../../foundation/counted.ts';
import { mapParallel } from '../../foundation/parallel.ts';
import { type Mark, markedPicture } from '../marked-picture.ts';
import { type Html, html } from '../page/html.ts';
import { wholePicture } from '../pictures.ts';
import type { DataSubject } from './subject.ts';

/** Images per sheet, their longest side in pixels, and the number decoded at a time. */
const SHEET = 12;
const SIDE = 260;
const WORKERS = 4;
const LABELS = 6;
const PAIRS = 24;

const rowsOf = ({ annotations }: Dataset, image: number) =>
  [...annotations.images.keys()].filter(
    (row) => row < annotations.count && annotations.images[row] === image,
  );

function marksOf(dataset: Dataset, rows: readonly number[]): readonly Mark[] {
  const { boxes, categories, crowd } = dataset.annotations;
  return rows.map((row) => ({
    box: boxes.subarray(4 * row, 4 * row + 4),
    label: dataset.categories[categories[row]!]!.name,
    color: classColor(categories[row]!),
    isDashed: crowd[row] === 1,
    isTagged: rows.length <= LABELS,
  }));
}

async function figure(
  dataset: Dataset,
  image: number,
  rows: readonly number[],
  about?: string,
): Promise<Html> {
  const record = dataset.images[image]!;
  const picture = await wholePicture(dataset, record, SIDE);
  const text = about ?? counted(rows.length, 'object');
  if (picture === undefined)
    return html`<figure class="crop"><p>${record.fileName} cannot be read</p></figure>`;
  return html`<figure class="crop">${markedPicture({ picture, marks: marksOf(dataset, rows), summary: `${record.fileName}: ${text}` })}<figcaption>${text}<br><span class="small">${record.fileName}</span></figcaption></figure>
`;
}

/** Evenly spaced images of each split, with their boxes. */
export async function sampleSheets({ splits }: DataSubject): Promise<Html> {
  const parts: Html[] = [];
  for (const { name, dataset } of splits) {
    const count = Math.min(SHEET, dataset.images.length);
    const chosen = Array.from({ length: count }, (_, at) => Math.floor((at * dataset.images.length) / count));
    const figures = await mapParallel(chosen, WORKERS, (image) =>
      figure(dataset, image, rowsOf(dataset, image)),
    );
    parts.push(html`<h3>${name}</h3><div class="crops">${figures}</div>`);
  }
  return html`${parts}`;
}

/** Boxes that are probably mistakes: outside the image, tiny, very long, or covering the whole image. */
export async function suspiciousBoxes({ splits }: DataSubject): Promise<Html> {
  const found: { readonly dataset: Dataset; readonly row: number; readonly why: string }[] = [];
  for (const { dataset } of splits) {
    const { annotations } = dataset;
    for (let row = 0; row < annotations.count; row++) {
      const [width, height] = [annotations.boxes[4 * row + 2]!, annotations.boxes[4 * row + 3]!];
      const { width: wide, height: high } = dataset.images[annotations.images[row]!]!;
      const inside = boxInside(dataset, row);
      const aspect = Math.max(width / height, height / width);
      if (typeof inside === 'string') found.push({ dataset, row, why: `${inside} box` });
      else if (aspect > 15) found.push({ dataset, row, why: `${aspect.toFixed(0)} times as long as wide` });
      else if (
        annotations.crowd[row] === 0 &&
        dataset.task !== 'classification' &&
        width * height > 0.98 * wide * high
      )
        found.push({ dataset, row, why: 'covers the whole image' });
    }
  }
  if (found.length === 0) return html`<p>None found.</p>`;
  const figures = await mapParallel(found.slice(0, PAIRS), WORKERS, ({ dataset, row, why }) =>
    figure(dataset, dataset.annotations.images[row]!, [row], why),
  );
  return html`<p>${counted(found.length, 'box', 'boxes')}${found.length > PAIRS && `; the first ${PAIRS}`}.</p><div class="crops">${figures}</div>`;
}

/** Near-identical images of different splits, side by side. */
export async function nearPairs({ splits, nearPairs: pairs }: DataSubject): Promise<Html> {
  if (splits.length < 2) return html`<p>There is one split: nothing to compare.</p>`;
  if (pairs === undefined) return html`<p>Not checked: run with <code>--near-duplicates</code>.</p>`;
  if (pairs.length === 0) return html`<p>None found.</p>`;
  const shown = await mapParallel(pairs.slice(0, PAIRS), WORKERS, async ({ first, second }: NearPair) => {
    const sides = [];
    for (const { split, image } of [first, second]) {
      const { dataset, name } = splits[split]!;
      sides.push(await figure(dataset, image, [], name));
    }
    return html`<div class="example"><div class="pair">${sides}</div></div>`;
  });
  return html`<p>${counted(pairs.length, 'image looks', 'images look')} like one of an earlier split${pairs.length > PAIRS && `; the first ${PAIRS}`}: a model may have seen them in training.</p><div class="gallery">${shown}</div>`;
}
