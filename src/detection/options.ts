import { selectClasses } from '../foundation/classes/select-classes.ts';
import { checkOptions } from '../foundation/errors/check-options.ts';
import { DETECT_DEFAULTS, DETECT_OPTIONS, type DetectOptions } from '../options/detect.ts';
import type { DecoderDefaults } from './decoders/decoder.ts';

/** Options with their defaults filled in. */
export type DetectSettings = DetectOptions & {
  readonly [K in keyof typeof DETECT_DEFAULTS | 'multiLabel']: NonNullable<DetectOptions[K]>;
};

/** The options, with defaults for those that are missing or undefined: the decoder's own before the general ones. */
export function settingsOf(
  options: DetectOptions,
  { iouThreshold, multiLabel }: DecoderDefaults,
): DetectSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...DETECT_DEFAULTS, iouThreshold, multiLabel, ...Object.fromEntries(given) };
}

/**
 * Checks options against the classes that a model knows.
 * @throws MicroYoloError `invalid-argument` naming the option, its value and what is expected
 */
export function checkDetectOptions(options: DetectOptions, classes: readonly string[]): void {
  checkOptions('detect options', options, DETECT_OPTIONS);
  if (options.classes) selectClasses(options.classes, classes, 'the model');
}
