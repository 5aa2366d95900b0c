import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import { type GivenSettings, mergeSettings, resolveSettings } from '../train/settings-file.ts';

/** Settings that a command decides itself, with the option that changes each, or undefined if none does. */
type OwnedSettings = Readonly<Record<string, string | undefined>>;

/** Settings of every training inside another command. */
const ALWAYS: OwnedSettings = {
  ...{ data: 'data', model: 'model', weights: 'model', name: undefined, runs: 'out' },
  ...{ size: 'size', seed: 'seed', threads: 'threads', trainSplit: undefined, evaluateSplit: 'split' },
};

/** Also the length, if the command compares trainings of equal length. */
export const TRIAL_SETTINGS: OwnedSettings = { ...ALWAYS, epochs: 'epochs', maxMinutes: 'epochs' };

/** Also what training preserves of compressed weights. */
export const SHRINKING_SETTINGS: OwnedSettings = {
  ...ALWAYS,
  ...{ freeze: undefined, constraint: undefined, quantization: undefined },
};

/**
 * Checks the training settings that a user gives to a command which trains.
 * @param base settings of the command itself
 * @throws MicroYoloError `invalid-argument` for a setting that the command owns, or an invalid one
 */
export function checkTrialSettings(
  command: string,
  base: GivenSettings,
  given: GivenSettings,
  owned: OwnedSettings,
): void {
  const taken = Object.keys(given).find((name) => name in owned);
  if (taken !== undefined) {
    const other = owned[taken];
    const remedy = other === undefined ? 'leave it out' : `pass ${option(other)}`;
    throw new MicroYoloError(
      'invalid-argument',
      `${command}: setting ${taken}: the command sets it itself; ${remedy}`,
      { field: 'settings', received: given[taken] },
    );
  }
  resolveSettings(mergeSettings(base, given), command);
}
