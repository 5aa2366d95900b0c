import { basename, dirname, extname } from 'node:path';
import { checkOptions } from '../../foundation/errors/check-options.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option, optionValues } from '../../foundation/errors/named-options.ts';
import { splitOptions } from '../../foundation/errors/option-row.ts';
import { checkFolder } from '../../foundation/files/folders.ts';
import { checkOverwritesNone } from '../../foundation/files/overwrites.ts';
import { QUANTIZE_DEFAULTS, QUANTIZE_OPTIONS, type QuantizeOptions } from '../../options/quantize.ts';
import { refuseTestSplit } from '../prune/refuse-test-split.ts';

/** Options with defaults filled in. */
export type QuantizeSettings = QuantizeOptions & {
  readonly [Name in keyof typeof QUANTIZE_DEFAULTS]: NonNullable<QuantizeOptions[Name]>;
};

function fail(problem: string): never {
  throw new MicroYoloError('invalid-argument', problem);
}

/** Options that only apply to 8-bit layers. */
const OF_LAYERS = [
  ...(['images', 'samples', 'maxDrop', 'calibration', 'percentile', 'layers', 'weightBits'] as const),
  ...(['finetune', 'swapActivations'] as const),
];
/** Options that train the model. */
const TRAINING = ['finetune', 'swapActivations'] as const;

/** @throws MicroYoloError `invalid-argument` for training without data, or training settings without training */
function checkTraining(options: QuantizeOptions): void {
  const asked = TRAINING.find((name) => options[name] !== undefined);
  if (asked === undefined) {
    if (options.settings !== undefined && Object.keys(options.settings).length > 0)
      fail(
        `settings ${Object.keys(options.settings).join(', ')}: apply only to training; add ${option('finetune')}`,
      );
    return;
  }
  if (options.data === undefined) {
    fail(`${asked} ${options[asked]}: trains on labeled images; pass them with ${option('data')}`);
  }
  refuseTestSplit(options.split);
}

/**
 * Checks options and fills in the defaults.
 * @throws MicroYoloError `invalid-argument` for values that are out of range or cannot be combined
 */
export function completeSettings(options: QuantizeOptions): QuantizeSettings {
  checkOptions('quantizeModel options', options, QUANTIZE_OPTIONS);
  const { data, maxDrop, split, precision = 'int8' } = options;
  const idle = precision === 'int8' ? undefined : OF_LAYERS.find((name) => options[name] !== undefined);
  if (idle !== undefined)
    fail(`${idle} with precision ${precision}: only int8 supports it; leave out one of the two`);
  if (maxDrop !== undefined) {
    if (!(maxDrop > 0 && maxDrop <= 100)) {
      fail(`maxDrop ${maxDrop}: expected points of AP50 above 0, up to 100, such as 0.5`);
    }
    if (data === undefined) {
      fail(`maxDrop ${maxDrop}: AP50 is measured on labeled images; pass them with ${option('data')}`);
    }
    refuseTestSplit(split);
  }
  checkTraining(options);
  if (split !== undefined && data === undefined)
    fail(`split ${split}: there is no data; pass it with ${option('data')}`);
  if (options.percentile !== undefined && options.calibration !== 'percentile') {
    fail(
      `percentile ${options.percentile}: has no effect without ${optionValues({ calibration: 'percentile' })}; add that, or leave it out`,
    );
  }
  const [, given] = splitOptions(options, {});
  return { ...QUANTIZE_DEFAULTS, ...given } as QuantizeSettings;
}

/**
 * The file to write.
 * @param source path of the model
 * @throws MicroYoloError if it has another extension, is an input file, or its folder is not writable
 */
export async function outputPath(
  { out, weights, names, precision }: QuantizeSettings,
  source: string,
): Promise<string> {
  const path = out ?? `${basename(source, extname(source))}.${precision}.safetensors`;
  if (!['.safetensors', '.onnx'].includes(extname(path).toLowerCase())) {
    throw new MicroYoloError(
      'invalid-argument',
      `out ${path}: expected a name that ends in .safetensors or .onnx; fix ${option('out')}`,
      { field: 'out', received: path },
    );
  }
  await checkOverwritesNone(path, [source, weights, names], 'the model itself');
  await checkFolder(dirname(path));
  return path;
}
