/**
 * Quantization to 8 bits on blood cells (BCCD): YOLO Nano, whose paper has 4.0 MB, yolov3-tiny and micro-yolo are trained, then
 * quantized within one point of AP50 on the split val. `npx tsx scripts/experiments/int8-bccd.ts [MINUTES] [FINETUNE] [--save]`:
 * MINUTES is the length of each training, FINETUNE that of the training in 8 bits, with one thread. AP50 is measured on val and
 * on test, times with one thread and with two. For yolov3-tiny with its LeakyReLU, also shows whether ReLU6 pays off.
 */
import { join } from 'node:path';
import { compareNetworks, quantizeModel } from '../../src/api/models.ts';
import { evaluateModel } from '../../src/tasks/evaluate/evaluate-model.ts';
import { KeptOutcomes } from '../benchmarks/results.ts';
import { keptRun } from '../benchmarks/training/kept-run.ts';
import { dataPath } from '../data-folder.ts';
import { numbers } from '../numbers.ts';

const [minutes, finetune] = numbers(30, 5);
const DATA = dataPath('bccd');
const SIZE = 320;
const NETWORKS = ['yolo-nano', 'yolov3-tiny', 'micro-yolo'] as const;
const MAX_DROP = 1;
/** Cells have no upright orientation. */
const AUGMENTATION = { flipVertical: 0.5 };

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

interface Figures {
  /** Size of the files, in float and in 8 bits. */
  readonly megabytes: readonly number[];
  readonly test: readonly number[];
  readonly val: readonly number[];
  /** Time of the network alone with one thread, and with two. */
  readonly ms1: readonly number[];
  readonly ms2: readonly number[];
  readonly layers: string;
  /** AP50 on val in 8 bits, before training in 8 bits and after. */
  readonly finetuned: readonly number[];
  /** Milliseconds in 8 bits of the network as it is, and with ReLU6; undefined if there is nothing to swap. */
  readonly swapped: readonly number[];
}

const outcomes = new KeptOutcomes<{ name: string }, Figures>('int8-bccd', {
  ...{ size: SIZE, minutes, finetune, maxDrop: MAX_DROP },
});

async function trained(model: string): Promise<string> {
  const settings = {
    ...{ data: DATA, model, seed: 1, size: SIZE, maxMinutes: minutes, threads: 1, evaluateEvery: 10 },
    augmentation: AUGMENTATION,
  };
  return join(await keptRun(`int8-${model}`, settings, stop.signal), 'best.safetensors');
}

async function measured(name: string): Promise<Figures> {
  const float = await trained(name);
  const out = join('runs', `int8-${name}.safetensors`);
  const settings = { augmentation: AUGMENTATION };
  const training = { finetune, swapActivations: 'relu6', settings } as const;
  const options = { model: float, data: DATA, maxDrop: MAX_DROP, threads: 1, out, ...training };
  const { layers, AP50, finetuning, swap } = await quantizeModel(options, { signal: stop.signal });
  const networks = [float, out];
  const test: number[] = [];
  for (const model of networks) {
    test.push((await evaluateModel({ data: DATA, split: 'test', model, threads: 1 })).metrics.AP50);
  }
  const times = async (threads: number) => compareNetworks({ networks, threads });
  const [one, two] = [await times(1), await times(2)];
  const ms = (compared: typeof one) => compared.map(({ milliseconds }) => milliseconds!);
  return {
    megabytes: one.map(({ bytes }) => bytes! / 1e6),
    val: [AP50!.float32, AP50!.quantized],
    test,
    ms1: ms(one),
    ms2: ms(two),
    finetuned: [finetuning!.AP50.before, finetuning!.AP50.after],
    swapped: swap ? [swap.milliseconds.before, swap.milliseconds.after] : [],
    layers: `${layers.filter(({ precision }) => precision === 'int8').length} of ${layers.length}`,
  };
}

for (const name of NETWORKS) await outcomes.of({ name }, () => measured(name));
