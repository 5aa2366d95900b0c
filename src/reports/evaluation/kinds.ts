import type { TideError } from '../../evaluation/tide/tide.ts';
import { type Html, html } from '../page/html.ts';

/** Titles of the kinds of errors, with an explanation and a remedy. */
export const ERROR_KINDS: Readonly<Record<TideError, { readonly title: string; readonly about: string }>> = {
  classification: {
    title: 'Classification',
    about:
      'The place is right, the class is wrong. Look at the confused classes: add examples, or clarify the labeling rules.',
  },
  localization: {
    title: 'Localization',
    about:
      'The class is right, the box is loose (IoU 0.1 to 0.5). A larger input, better anchors and tighter labels help.',
  },
  both: {
    title: 'Class and place',
    about: 'The class is wrong, and the box is loose.',
  },
  duplicate: {
    title: 'Duplicate',
    about: 'A second detection of the same object. A lower suppression IoU removes it.',
  },
  background: {
    title: 'Background',
    about: 'Nothing is labeled there. Train with images without objects, or check for missing labels.',
  },
  missed: {
    title: 'Missed',
    about:
      'No detection matches the object, even loosely. Such objects are often small, hidden or rare: use a larger input, and add examples.',
  },
};

/** A colored tag for a kind of error. */
export const kindTag = (kind: TideError): Html =>
  html`<span class="tag" style="background:var(--${kind})">${ERROR_KINDS[kind].title}</span>`;
