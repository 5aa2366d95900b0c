import { COCO_DEFAULTS } from '../../evaluation/coco/coco-settings.ts';
import { type Html, html } from '../page/html.ts';
import { percent, whole } from '../page/numbers.ts';
import { confusedPairs } from './confusion.ts';
import { ERROR_KINDS } from './kinds.ts';
import type { EvaluationSubject } from './subject.ts';

/** Minimum number of objects for a class to be mentioned. */
const ENOUGH = 10;
/** Maximum number of classes named in a sentence. */
const NAMED = 3;
/** Smallest rise of AP50 that is worth a sentence. */
const WORTH = 0.005;

/** The two most costly kinds of errors. */
function errors({ analysis }: EvaluationSubject): readonly Html[] {
  return [...analysis.tide.errors]
    .sort((a, b) => b.cost - a.cost)
    .slice(0, 2)
    .filter(({ cost }) => cost >= WORTH)
    .map(
      ({ kind, cost, count }, place) =>
        html`<strong>${ERROR_KINDS[kind].title} errors</strong> cost ${place === 0 ? 'most' : 'second most'}: AP50 would rise by ${(100 * cost).toFixed(1)} points without these ${whole(count)}. ${ERROR_KINDS[kind].about} <a href="#errors">All kinds</a>`,
    );
}

/** Precision and recall at the threshold with the highest F1. */
function threshold({ analysis }: EvaluationSubject): Html | undefined {
  const { best } = analysis.curves.all;
  if (best === undefined) return undefined;
  return html`<strong>At the best threshold,</strong> a score of ${best.score.toFixed(2)}, ${percent(best.recall, 0)} of the objects are found, and ${percent(best.precision, 0)} of the detections are right. <a href="#curves">Curves</a>`;
}

/** The object size with the lowest AP, if it is much lower than the best. */
function sizes({ report: { metrics }, input: { truths } }: EvaluationSubject): Html | undefined {
  const areas = truths.areas.subarray(0, truths.count).filter((_, row) => !truths.crowd[row]);
  const parts = COCO_DEFAULTS.areaRanges
    .slice(1)
    .map(({ name, least, most }) => ({
      name,
      AP: metrics[`AP${name as 'small' | 'medium' | 'large'}`],
      share: areas.filter((area) => area >= least && area <= most).length / Math.max(1, areas.length),
    }))
    .filter(({ AP }) => AP >= 0)
    .sort((a, b) => a.AP - b.AP);
  const [weakest, strongest] = [parts[0], parts.at(-1)];
  if (weakest === undefined || strongest === undefined || 2 * weakest.AP > strongest.AP) return undefined;
  const advice =
    weakest.name === 'small' ? ' A larger input helps: train and detect with a larger size.' : '';
  return html`<strong>Size: ${weakest.name} objects</strong> are ${percent(weakest.share, 0)} of all, with an AP of ${percent(weakest.AP)}; ${strongest.name} ones reach ${percent(strongest.AP)}.${advice} <a href="#parts">Sizes</a>`;
}

/** Classes with low AP and enough objects to be sure. */
function classes({ report: { metrics, perClass } }: EvaluationSubject): Html | undefined {
  const weak = perClass
    .filter(({ truths, AP }) => truths >= ENOUGH && AP >= 0 && 2 * AP < metrics.AP)
    .toSorted((a, b) => a.AP - b.AP);
  if (weak.length === 0) return undefined;
  const named = weak.slice(0, NAMED).map(({ name, AP }) => `${name} (${percent(AP)})`);
  const more = weak.length > NAMED ? ` and ${weak.length - NAMED} more` : '';
  return html`<strong>Weak classes:</strong> ${named.join(', ')}${more} have less than half of the mean AP. Show more of them in training. <a href="#classes">Classes</a>`;
}

/** The most frequently confused pair of classes. */
function confusions(subject: EvaluationSubject): Html | undefined {
  const [first] = confusedPairs(subject);
  if (first === undefined || first.count < 2) return undefined;
  return html`<strong>Mixed up most:</strong> ${first.truth}, found as ${first.found} ${whole(first.count)} times. <a href="#confusion">Confusion</a>`;
}

/** Number of suspicious labels. */
function labels({ analysis: { suspects } }: EvaluationSubject): Html | undefined {
  if (suspects.length === 0) return undefined;
  return html`<strong>Labels:</strong> ${whole(suspects.length)} places are worth a look. Most may be the model's errors, but wrong labels lower every figure. <a href="#labels">Look at them</a>`;
}

/** Explains low metrics in a few sentences with links to the sections. */
export function answer(subject: EvaluationSubject): Html {
  const sentences = [
    ...errors(subject),
    threshold(subject),
    sizes(subject),
    classes(subject),
    confusions(subject),
    labels(subject),
  ].filter((sentence) => sentence !== undefined);
  return html`<h3>In short</h3><ul class="answer">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}
