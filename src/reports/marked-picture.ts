import { type Html, html } from './page/html.ts';
import type { InlinePicture } from './pictures.ts';

/** A box to draw on a picture. */
export interface Mark {
  /** Left, top, width, height in pixels of the image. */
  readonly box: ArrayLike<number>;
  readonly label: string;
  /** A CSS color. */
  readonly color: string;
  /** @default false */
  readonly isDashed?: boolean | undefined;
  /** Whether the label is always visible, not only on hover. @default true */
  readonly isTagged?: boolean | undefined;
}

export interface MarkedPicture {
  readonly picture: InlinePicture;
  readonly marks: readonly Mark[];
  /** Description for screen readers. */
  readonly summary: string;
  /** Id of the pixels in the page. The first picture with an id contains them; those with `isAgain` refer to it. */
  readonly id?: string | undefined;
  readonly isAgain?: boolean | undefined;
}

/** Height of a label, in pixels of the picture. */
const LINE = 12;

const one = (value: number) => Number(value.toFixed(1));

/** A picture with boxes as inline SVG, sharp at any size. */
export function markedPicture({ picture, marks, summary, id, isAgain }: MarkedPicture): Html {
  const { href, width, height, scale, left, top } = picture;
  const image = isAgain
    ? html`<use href="#${id}"/>`
    : html`<image${id !== undefined && html` id="${id}"`} href="${href}" width="${width}" height="${height}"/>`;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${summary}">${image}${marks.map(
    ({ box, label, color, isDashed, isTagged = true }) => {
      const [x, y] = [one((box[0]! - left) * scale), one((box[1]! - top) * scale)];
      const [w, h] = [one(box[2]! * scale), one(box[3]! * scale)];
      const sides = html`x="${x}" y="${y}" width="${Math.max(0, w)}" height="${Math.max(0, h)}"`;
      const dashes = isDashed === true && html` stroke-dasharray="6 4"`;
      const textX = Math.max(2, Math.min(x, width - 6 * label.length - 4));
      const textY = y > LINE + 2 ? y - 3 : Math.min(height - 3, Math.max(0, y) + LINE);
      return html`<rect class="halo" ${sides}/><rect class="mark" ${sides} style="stroke:${color}"${dashes}><title>${label}</title></rect>${
        isTagged &&
        html`<text class="tagged" x="${one(textX)}" y="${one(textY)}" style="fill:${color}">${label}</text>`
      }`;
    },
  )}</svg>`;
}
