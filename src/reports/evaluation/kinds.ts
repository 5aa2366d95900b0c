import type { TideError } from '../../evaluation/tide/tide.ts';
import { type Html, html } from '../page/html.ts';

/** What each kind of error is, and what helps, for people. */
export const ERROR_KINDS: Readonly<Record<TideError, { readonly title: string; readonly about: string }>> = {
  classification: {
    title: 'Classification',
    about:
      'The place is right, the class is not. Look at the confused classes: more examples of them, or clearer rules of labeling.',
  },
  localization: {
    title: 'Localization',
    about:
      'The class is right, the box is loose (IoU 0.1 to 0.5). A larger input, better anchors and tighter labels help.',
  },
  both: {
    title: 'Class and place',
    about: 'Another class, and a loose box too.',
  },
  duplicate: {
    title: 'Duplicate',
    about: 'A second detection of an object that is found already. A lower IoU of suppression removes it.',
  },
  background: {
    title: 'Background',
    about: 'Nothing is labeled there. Images without objects help in training; or a label is missing.',
  },
  missed: {
    title: 'Missed',
    about:
      'An object that no detection comes near. Often small, hidden or rare: a larger input, and more examples.',
  },
};

/** A colored name of a kind of error. */
export const kindTag = (kind: TideError): Html =>
  html`<span class="tag" style="background:var(--${kind})">${ERROR_KINDS[kind].title}</span>`;
