import type { Objective } from '../../compression/search/objectives.ts';
import type { SpaceName } from '../../compression/search/spaces.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { layouts } from '../../network/detectors/layouts.ts';
import { type SEARCH_DEFAULTS, SEARCH_OPTIONS, SPACES } from '../../options/search.ts';
import { refuseTestSplit } from '../prune/refuse-test-split.ts';
import type { GivenSettings } from '../train/settings-file.ts';

export type { Objective, SpaceName };

/** What a search varies, looks for and spends. */
export interface SearchOptions {
  /** Detector whose table of stages is varied: `micro-yolo`, `micro-yolo-base` … */
  readonly model: string;
  /** Labeled images with a split to train on and one to evaluate on. */
  readonly data: string;
  /** Folder of the outcome and the journal; with a journal of the same work it goes on. @default 'search' */
  readonly out?: string | undefined;
  /** What is varied. @default ['kernels'] */
  readonly space?: readonly SpaceName[] | undefined;
  /** What the best is. @default 'map' */
  readonly objective?: Objective | undefined;
  /** Candidates: all of a smaller space, else as many drawn from it. @default 30 */
  readonly trials?: number | undefined;
  /** Passes over the training images in the first rung. @default 10 */
  readonly epochs?: number | undefined;
  /** Rungs of successive halving: 1 trains all candidates once. @default 2 */
  readonly rungs?: number | undefined;
  /** One in so many goes on to the next rung, trained so many times as long. @default 3 */
  readonly factor?: number | undefined;
  /** Trials at once, each in a process of its own. @default 1 */
  readonly jobs?: number | undefined;
  /** Side of the input in pixels, a multiple of 32. @default 320 */
  readonly size?: number | undefined;
  /** Milliseconds of MnasNet's reward. @default what the model itself takes */
  readonly target?: number | undefined;
  /** Split that is evaluated on; no test split. @default 'val' */
  readonly split?: string | undefined;
  /** Of the candidates drawn, and of training. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads of each trial. @default all cores, divided among the jobs */
  readonly threads?: number | undefined;
  /** Other settings of the trainings, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** Folder of the table of measured times. @default the system's for caches */
  readonly tables?: string | undefined;
  /** Aborted, it saves what is under way and ends. */
  readonly signal?: AbortSignal | undefined;
}

export type LayoutName = keyof typeof layouts;

/** The options with defaults filled in. */
export type FilledSearchOptions = SearchOptions & {
  readonly [Name in keyof typeof SEARCH_DEFAULTS]-?: NonNullable<SearchOptions[Name]>;
};

/** @throws MicroYoloError `invalid-argument` for values that are out of range */
export function checkSearchOptions(options: FilledSearchOptions): void {
  checkOptions<SearchOptions>('searchDetectors options', options, SEARCH_OPTIONS);
  const { model, space, split } = options;
  if (!Object.hasOwn(layouts, model)) {
    throw new MicroYoloError(
      'invalid-argument',
      `model ${JSON.stringify(model)}: has no table of stages to vary, expected ${Object.keys(layouts).join(', ')}`,
    );
  }
  if (space.length === 0) {
    throw new MicroYoloError('invalid-argument', `space: empty, expected some of ${SPACES.join(', ')}`);
  }
  refuseTestSplit(split);
}
