import { expect, test } from 'vitest';
import { datasetConvertCommand } from '../../../src/cli/dataset/convert/command.ts';
import { inFlags } from '../../../src/cli/flags/option-flags.ts';
import { trainCommand } from '../../../src/cli/train/command.ts';
import { valCommand } from '../../../src/cli/val/command.ts';
import { option, optionValues } from '../../../src/foundation/errors/named-options.ts';

test.each([
  ['an option', valCommand(), option('scoreThreshold'), '--score-threshold'],
  ['an option with a value', valCommand(), optionValues({ split: 'test' }), '--split test'],
  ['a value with spaces', valCommand(), optionValues({ split: 'my test' }), '--split "my test"'],
  ['a flag of a shorter name', valCommand(), option('iouThreshold'), '--iou'],
  ['a flag of two words', datasetConvertCommand(), option('imageFolder'), '--image-folder'],
  ['the same option of another command', valCommand(), option('imageFolder'), '--image-folder'],
  ['a switch', datasetConvertCommand(), optionValues({ overwrite: true }), '--overwrite'],
  [
    'several',
    trainCommand(),
    optionValues({ resume: 'runs/a', maxMinutes: 8 }),
    '--resume runs/a --max-minutes 8',
  ],
  [
    'a setting without a flag',
    trainCommand(),
    optionValues({ evaluateSplit: 'test' }),
    '--set evaluateSplit=test',
  ],
  ['an option without a flag', valCommand(), option('evaluateSplit'), '`evaluateSplit`'],
])('%s in a library message becomes a flag of the command', (_, command, message, expected) => {
  expect(inFlags(`x: wrong; give ${message}`, command)).toBe(`x: wrong; give ${expected}`);
});
