import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';

/**
 * Refuses to select a model on a test split, which must stay independent.
 * @throws MicroYoloError `invalid-argument`
 */
export function refuseTestSplit(split: string | undefined): void {
  if (split === undefined || !/^test/i.test(split)) return;
  throw new MicroYoloError(
    'invalid-argument',
    `split ${split}: a split that selects the model cannot test it; choose another with ${optionValues({ split: 'val' })}`,
  );
}
