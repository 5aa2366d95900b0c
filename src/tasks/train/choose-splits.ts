import { extname } from 'node:path';
import type { DatasetSource } from '../../datasets/source.ts';
import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';

/** Remedy for data with only one split. */
const DIVIDE = `hold out a part with ${optionValues({ valShare: 0.2 })}, or divide it with "micro-yolo dataset split"`;

/** Default evaluation split. */
const USUAL_EVALUATION = 'val';

export interface ChosenSplits {
  readonly train: string;
  /** Undefined if there is no evaluation split, or if a share of the training split is held out instead. */
  readonly evaluate: string | undefined;
  /** Explains why the run is not evaluated as expected, with a remedy. */
  readonly note: string | undefined;
}

/**
 * Chooses the splits for training and evaluation.
 * @throws MicroYoloError `invalid-argument` if a named split is missing, or settings cannot be combined
 */
export function chooseSplits(
  { splits }: Pick<DatasetSource, 'splits'>,
  { data, trainSplit, evaluateSplit, valShare }: TrainingSettings,
): ChosenSplits {
  const [only] = splits;
  const isLone = splits.length === 1;
  const known = `${data} has ${isLone ? 'only ' : ''}${splits.join(', ')}`;
  const checkNamed = (setting: 'trainSplit' | 'evaluateSplit', split: string) => {
    if (splits.includes(split) || (split === 'valid' && splits.includes('val'))) return;
    const near = didYouMean(split, splits);
    const remedy = `name ${isLone ? 'it' : 'one'} with ${optionValues({ [setting]: splits[0]! })}`;
    const other = isLone && setting === 'trainSplit' && near === undefined ? `; ${DIVIDE}, or` : ';';
    throw new MicroYoloError('invalid-argument', `split "${split}": ${known}${near ?? ''}${other} ${remedy}`);
  };
  // A single file is trained on, whatever its split is called. The only split of a folder is not trained on if it is
  // named val or test, unless a share of it is held out for evaluation.
  const isFile = extname(data).toLowerCase() === '.json';
  const isToMeasure = ['val', 'test'].includes(only!) && valShare === null;
  const isWhole =
    isLone && !splits.includes(trainSplit) && (isFile || (trainSplit === 'train' && !isToMeasure));
  if (!isWhole) checkNamed('trainSplit', trainSplit);
  const train = isWhole ? only! : trainSplit;
  if (evaluateSplit === null) {
    if (valShare === null) return { train, evaluate: undefined, note: undefined };
    throw excluded(valShare, 'evaluateSplit is null, expected a name: held-out images are for evaluation');
  }
  // A split named by the user must exist. The default split may be missing.
  if (evaluateSplit !== USUAL_EVALUATION) checkNamed('evaluateSplit', evaluateSplit);
  const isThere = evaluateSplit !== USUAL_EVALUATION || splits.includes(evaluateSplit);
  const evaluate = isThere && !isWhole ? evaluateSplit : undefined;
  if (valShare !== null) {
    if (evaluate === undefined) return { train, evaluate, note: undefined };
    throw excluded(valShare, `${data} has a split ${evaluate} to evaluate on, expected none`);
  }
  if (evaluate !== undefined) return { train, evaluate, note: undefined };
  const others = splits.filter((name) => name !== trainSplit && name !== 'trainval' && !isWhole);
  const remedy =
    others.length > 0
      ? `${optionValues({ evaluateSplit: others.at(-1)! })} evaluates on that split`
      : `to evaluate, ${DIVIDE}`;
  const problem =
    isWhole && only === evaluateSplit ? `has only split ${only}` : `has no split ${evaluateSplit}`;
  const outcome = 'nothing is evaluated, and the last model counts as the best';
  return { train, evaluate, note: `${data} ${problem}: ${outcome}; ${remedy}` };
}

function excluded(valShare: number, problem: string): MicroYoloError {
  return new MicroYoloError(
    'invalid-argument',
    `valShare ${valShare}: ${problem}; leave out one of the two`,
    { field: 'valShare', received: valShare },
  );
}
