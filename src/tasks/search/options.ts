import type { Objective } from '../../compression/search/objectives.ts';
import type { SpaceName } from '../../compression/search/spaces.ts';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { layouts } from '../../network/detectors/layouts.ts';
import { type SEARCH_DEFAULTS, SEARCH_OPTIONS, SPACES } from '../../options/search.ts';
import { refuseTestSplit } from '../prune/refuse-test-split.ts';
import type { GivenSettings } from '../train/settings-file.ts';

export type { Objective, SpaceName };

/** Options for searching detectors. */
export interface SearchOptions {
  /** Detector to vary: `micro-yolo`, `micro-yolo-base` … */
  readonly model: string;
  /** Labeled images with a split `train`, and another split for evaluation. */
  readonly data: string;
  /** Folder for the results and the journal. Pass the same one to continue. @default 'search' */
  readonly out?: string | undefined;
  /** Properties to vary. @default ['kernels'] */
  readonly space?: readonly SpaceName[] | undefined;
  /** Criterion by which candidates are ranked. @default 'map' */
  readonly objective?: Objective | undefined;
  /** Maximum number of candidates. If the space has more, they are drawn at random. @default 30 */
  readonly trials?: number | undefined;
  /** Passes over the training images in the first rung. @default 10 */
  readonly epochs?: number | undefined;
  /** Number of rungs of successive halving. 1 trains all candidates once. @default 2 */
  readonly rungs?: number | undefined;
  /** One in `factor` candidates continues to the next rung, trained `factor` times as long. @default 3 */
  readonly factor?: number | undefined;
  /** Number of trials at a time, each in its own process. @default 1 */
  readonly jobs?: number | undefined;
  /** Side of the input in pixels, a multiple of 32. @default 320 */
  readonly size?: number | undefined;
  /** Target milliseconds of MnasNet's reward. @default the time of `model` itself */
  readonly target?: number | undefined;
  /** Split to evaluate on. Must not be a test split. @default 'val' */
  readonly split?: string | undefined;
  /** Seed of the candidates and of training. @default 1 */
  readonly seed?: number | undefined;
  /** CPU threads per trial. @default all cores, divided among the jobs */
  readonly threads?: number | undefined;
  /** Other training settings, as in an experiment file. */
  readonly settings?: GivenSettings | undefined;
  /** Folder for the tables of measured times. @default a folder in the system's cache folder */
  readonly tables?: string | undefined;
  /** If it aborts, the search saves its state and ends. */
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
