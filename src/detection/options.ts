import { squareSize } from '../boxes/formats.ts';
import { selectClasses } from '../foundation/classes/select-classes.ts';
import { checkOptions } from '../foundation/errors/check-options.ts';
import { checkRange } from '../foundation/errors/check-range.ts';
import { MicroYoloError } from '../foundation/errors/errors.ts';
import { option } from '../foundation/errors/named-options.ts';
import { DETECT_DEFAULTS, DETECT_OPTIONS, type DetectOptions } from '../options/detect.ts';
import type { DecoderDefaults } from './decoders/decoder.ts';

/** Default overlap of tiles. */
const OVERLAP = 0.2;

/** The options with defaults filled in. */
export type DetectSettings = DetectOptions & {
  readonly [K in keyof typeof DETECT_DEFAULTS | 'multiLabel' | 'overlap']: NonNullable<DetectOptions[K]>;
};

/**
 * Fills in defaults for options that are missing or undefined. The decoder's defaults come first, then the general
 * ones.
 */
export function settingsOf(
  options: DetectOptions,
  { iouThreshold, multiLabel }: DecoderDefaults,
): DetectSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...DETECT_DEFAULTS, overlap: OVERLAP, iouThreshold, multiLabel, ...Object.fromEntries(given) };
}

/** @throws MicroYoloError `invalid-argument` for an invalid tile size, or an overlap without tiles */
function checkTiles({ tile, overlap }: DetectOptions): void {
  if (tile === undefined) {
    if (overlap === undefined) return;
    throw new MicroYoloError(
      'invalid-argument',
      `${option('overlap')} ${overlap}: has no effect without tiles; pass ${option('tile')} too`,
      {
        field: 'overlap',
        received: overlap,
      },
    );
  }
  const { width, height } = squareSize(tile);
  checkRange(typeof tile === 'number' ? 'tile' : 'tile.width', width, 32, 65_536, true);
  checkRange('tile.height', height, 32, 65_536, true);
}

/**
 * Checks options against a model's classes.
 * @throws MicroYoloError `invalid-argument` that names the option, its value and what is expected
 */
export function checkDetectOptions(options: DetectOptions, classes: readonly string[]): void {
  checkOptions('detect options', options, DETECT_OPTIONS);
  checkTiles(options);
  if (options.classes) selectClasses(options.classes, classes, 'the model');
}
