import { extname } from 'node:path';
import type { DatasetSource } from '../../datasets/source.ts';
import { didYouMean } from '../../foundation/errors/did-you-mean.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { optionValues } from '../../foundation/errors/named-options.ts';
import type { TrainingSettings } from '../../training/run/settings.ts';

/** The remedy of data with one split. */
const DIVIDE = `hold out a part with ${optionValues({ valShare: 0.2 })}, or divide it with "micro-yolo dataset split"`;

/** The split that a run is evaluated on by default. */
const USUAL_EVALUATION = 'val';

export interface ChosenSplits {
  readonly train: string;
  /** Undefined if nothing is there to evaluate on, or a share of the other is kept for it. */
  readonly evaluate: string | undefined;
  /** Why nothing is evaluated although it was to be, and what to do. */
  readonly note: string | undefined;
}

/**
 * The splits that a run trains and is evaluated on.
 * @throws MicroYoloError `invalid-argument` if a split that is named is not there, or settings exclude each other
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
  // One file is all there is, whatever it is called; of a folder, what is there to measure with is not trained on,
  // unless a part of it is kept to measure with.
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
  // Who names a split wants it; that there is a usual one, nobody said.
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
