import { join } from 'node:path';
import type { Dataset } from '../../datasets/dataset.ts';
import { classColor } from '../../drawing/palette.ts';
import { writeWholeFile } from '../../foundation/files/write.ts';
import { decodeShrunk } from '../../image/decode.ts';
import { encodePicture } from '../../image/encode.ts';
import { escapeHtml } from '../../reports/page/html.ts';

/** Maximum number of images on a sheet. */
const MOST = 200;
/** Longest side of a picture, in pixels. */
const SIDE = 480;

/** Uncertainty of a score, 0–1: highest at 0.5. */
const doubt = (score: number) => 1 - Math.abs(2 * score - 1);

interface Labeled {
  readonly image: number;
  readonly rows: readonly number[];
  readonly doubt: number;
}

/** The images of a data set, those with the least certain labels first. */
export function byDoubt(dataset: Dataset): readonly Labeled[] {
  const { annotations, images } = dataset;
  const rows = images.map((): number[] => []);
  for (const [row, image] of annotations.images.entries()) rows[image]!.push(row);
  const scoreOf = (row: number) => Number(annotations.extraOf(row)['score'] ?? 1);
  return rows
    .map((own, image) => ({
      image,
      rows: own,
      doubt: own.reduce((sum, row) => sum + doubt(scoreOf(row)), 0) / Math.max(1, own.length),
    }))
    .sort((a, b) => b.doubt - a.doubt || a.image - b.image);
}

async function figure(dataset: Dataset, { image, rows }: Labeled): Promise<string> {
  const { fileName, width, height } = dataset.images[image]!;
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const target = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const { image: small } = await decodeShrunk(join(dataset.imageFolder, fileName), () => target);
  const picture = (await encodePicture(small, 'jpeg', 80)).toString('base64');
  const { boxes, categories, crowd } = dataset.annotations;
  const marks = rows.map((row) => {
    const [left, top, w, h] = boxes.subarray(4 * row, 4 * row + 4);
    const { name } = dataset.categories[categories[row]!]!;
    const score = dataset.annotations.extraOf(row)['score'];
    const color = classColor(categories[row]!);
    const dashes = crowd[row] ? ' stroke-dasharray="6 4"' : '';
    const label = escapeHtml(`${name} ${score ?? ''}`);
    return `<rect x="${left}" y="${top}" width="${w}" height="${h}" fill="none" stroke="${color}" stroke-width="${2 / scale}"${dashes}><title>${label}</title></rect><text x="${left}" y="${Math.max(12 / scale, top!)}" font-size="${12 / scale}" fill="${color}">${label}</text>`;
  });
  return `<figure><svg viewBox="0 0 ${width} ${height}" width="${target.width}"><image href="data:image/jpeg;base64,${picture}" width="${width}" height="${height}"/>${marks.join('')}</svg><figcaption>${escapeHtml(fileName)}</figcaption></figure>`;
}

/** Writes a page of labeled images, least certain first. Dashed boxes are ignored in training. */
export async function writeReview(dataset: Dataset, path: string): Promise<void> {
  const figures: string[] = [];
  for (const labeled of byDoubt(dataset).slice(0, MOST)) figures.push(await figure(dataset, labeled));
  const title = `${dataset.images.length} labeled images; the ${figures.length} least certain are shown`;
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>
<style>body{font:14px system-ui;margin:16px}main{display:flex;flex-wrap:wrap;gap:12px}figure{margin:0}svg{max-width:100%;height:auto}</style>
<h1>${title}</h1><p>Dashed boxes are uncertain: training ignores them.</p><main>
${figures.join('\n')}
</main></html>
`;
  await writeWholeFile(path, page);
}
