import {
  compressionStages,
  prunedBytes,
  pruneKernels,
  shareKernels,
  withShared,
} from '../../compression/share/deep-compression.ts';
import { recentered } from '../../compression/share/share-weights.ts';
import { shiftWeights } from '../../compression/shift/shift-weights.ts';
import type { Tensors } from '../../graph/operations.ts';
import type { CodedTensor } from '../../models/formats/shared/coded-entries.ts';
import { encodeShared } from '../../models/formats/shared/shared-tensor.ts';
import { encodeShift } from '../../models/formats/shift/shift-tensor.ts';
import type { Model } from '../../models/model.ts';
import type { GivenSettings } from '../train/settings-file.ts';
import type { CompressOptions } from './options.ts';

/** Size and loss of the weights after a stage of compression. */
export interface CompressionStage {
  /**
   * `original`; for Deep Compression `pruned`, `retrained`, `shared`, `tuned` and `coded`; for distribution shift
   * `shifted` and `tuned`.
   */
  readonly stage: 'original' | 'pruned' | 'retrained' | 'shared' | 'shifted' | 'tuned' | 'coded';
  /** Size of all weights. */
  readonly bytes: number;
  /** Squared error of the kernels, divided by their sum of squares, 0–1. Missing after training, which changes them. */
  readonly error?: number | undefined;
  /** AP50 after the stage, 0–1. Missing without data. */
  readonly AP50?: number | undefined;
}

/** Evaluation and training for compression. */
export interface CompressionBench {
  /** AP50 of a model, 0–1. Undefined without data. */
  evaluate(model: Model): Promise<number | undefined>;
  /** Trains a model for a number of minutes. Undefined if interrupted. */
  tune(model: Model, name: string, minutes: number, settings: GivenSettings): Promise<Model | undefined>;
  /** Called after each stage. */
  onStage(stage: CompressionStage): void;
}

/** The compressed model. */
export interface Compressed {
  readonly model: Model;
  readonly coded: ReadonlyMap<string, CodedTensor>;
  readonly stages: readonly CompressionStage[];
  /** AP50 of the model, 0–1. Undefined without data. */
  readonly AP50: number | undefined;
}

const bytesOf = (weights: Tensors) =>
  [...weights.values()].reduce((sum, { data }) => sum + 4 * data.length, 0);

/** Squared error of the changed tensors, divided by their sum of squares. */
function lostShare(before: Tensors, after: Tensors): number {
  let [lost, all] = [0, 0];
  for (const [name, { data }] of before) {
    const changed = after.get(name)!.data;
    if (changed === data) continue;
    data.forEach((value, i) => {
      lost += (value - changed[i]!) ** 2;
      all += value * value;
    });
  }
  return all === 0 ? 0 : lost / all;
}

class Stages {
  readonly list: CompressionStage[] = [];
  readonly #bench: CompressionBench;
  readonly #original: Tensors;

  constructor(bench: CompressionBench, { weights }: Model) {
    this.#bench = bench;
    this.#original = weights;
  }

  async add(stage: CompressionStage['stage'], bytes: number, model: Model): Promise<number | undefined> {
    const isTrained =
      stage === 'retrained' || stage === 'tuned' || this.list.some((each) => each.stage === 'retrained');
    const error = isTrained || stage === 'original' ? undefined : lostShare(this.#original, model.weights);
    const entry = { stage, bytes, error, AP50: await this.#bench.evaluate(model) };
    this.list.push(entry);
    this.#bench.onStage(entry);
    return entry.AP50;
  }
}

/** Deep Compression. Training keeps zeros at 0 after pruning, and keeps shared values equal after sharing. */
export async function compressByShares(
  model: Model,
  options: CompressOptions,
  bench: CompressionBench,
): Promise<Compressed | undefined> {
  const { sparsity = 0, minutes = 0 } = options;
  const stages = new Stages(bench, model);
  await stages.add('original', bytesOf(model.weights), model);
  let current: Model = { ...model, weights: pruneKernels(model.weights, sparsity) };
  if (sparsity > 0) {
    const bytes = prunedBytes(current.weights);
    const pruned = await stages.add('pruned', bytes, current);
    if (minutes > 0) {
      const trained = await bench.tune(current, 'zeros', minutes / 2, { constraint: 'zeros' });
      if (!trained) return undefined;
      const retrained = await stages.add('retrained', bytes, trained);
      if (retrained! >= pruned!) current = trained;
    }
  }
  let shared = shareKernels(current.weights, options);
  let small: Model = { ...current, weights: withShared(current.weights, shared) };
  let AP50 = await stages.add('shared', compressionStages(current.weights, shared).shared, small);
  if (minutes > 0) {
    const rest = sparsity > 0 ? minutes / 2 : minutes;
    const trained = await bench.tune(small, 'shares', rest, { constraint: 'equal' });
    if (!trained) return undefined;
    const moved = new Map(
      [...shared].map(([name, tensor]) => [name, recentered(tensor, trained.weights.get(name)!)]),
    );
    const tuned = { ...trained, weights: withShared(trained.weights, moved) };
    const after = await stages.add('tuned', compressionStages(tuned.weights, moved).shared, tuned);
    if (after! >= AP50!) [shared, small, AP50] = [moved, tuned, after];
  }
  const coded = new Map(
    [...shared].map(([name, tensor]) => [name, { shape: tensor.shape, bytes: encodeShared(tensor) }]),
  );
  // Huffman coding is lossless, so that AP50 does not change.
  const { coded: bytes } = compressionStages(small.weights, shared);
  stages.list.push({ stage: 'coded', bytes, AP50 });
  bench.onStage(stages.list.at(-1)!);
  return { model: small, coded, stages: stages.list, AP50 };
}

/** Distribution shift: integers in blocks. Training only changes norms and biases, which are the channel shifts. */
export async function compressByShifts(
  model: Model,
  options: CompressOptions,
  bench: CompressionBench,
): Promise<Compressed | undefined> {
  const { minutes = 0 } = options;
  const stages = new Stages(bench, model);
  await stages.add('original', bytesOf(model.weights), model);
  const { shifted, weights } = shiftWeights(model.weights, options);
  const coded = new Map(
    [...shifted].map(([name, tensor]) => [name, { shape: tensor.shape, bytes: encodeShift(tensor) }]),
  );
  const bytes = [...weights].reduce(
    (sum, [name, { data }]) => sum + (coded.get(name)?.bytes.length ?? 4 * data.length),
    0,
  );
  const small: Model = { ...model, weights };
  const before = await stages.add('shifted', bytes, small);
  const untrained = { model: small, coded, stages: stages.list, AP50: before };
  if (minutes === 0) return untrained;
  const freeze = [...shifted.keys()].map((name) => name.slice(0, name.lastIndexOf('.')));
  const trained = await bench.tune(small, 'shifts', minutes, { freeze });
  if (!trained) return undefined;
  const after = await stages.add('tuned', bytes, trained);
  return after! >= before! ? { ...untrained, model: trained, AP50: after } : untrained;
}
