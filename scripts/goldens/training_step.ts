/**
 * Makes test/training/step/fixtures/steps.json and test/training/losses/fixtures/losses.json: PyTorch's results in
 * float64 for the cases of test/training/step/step-cases.ts, and the error of its float32.
 * `npx tsx scripts/goldens/training_step.ts [TITLE...]`, by default all cases; with titles, results are
 * only printed. PYTHON names a Python with torch.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SessionTensor } from '../../src/executors/onnx/session/session.ts';
import { type SafetensorsEntry, writeSafetensors } from '../../src/models/formats/safetensors/safetensors.ts';
import { stepCase, stepCaseTitles } from '../../test/training/step/step-cases.ts';
import { python } from '../benchmarks/peer.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

type Named = readonly [name: string, tensor: SessionTensor];

const entries = (tensors: Iterable<Named>, prefix = '') =>
  [...tensors].map(([name, { shape, data }]): [string, SafetensorsEntry] => [
    `${prefix}${name}`,
    { type: 'F32', shape, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) },
  ]);

/** Writes a case in the form that training_step.py reads: state by its names, the batch of run i as `i/NAME`. */
async function writeCase(file: string, title: string): Promise<void> {
  const { network, options, state, runs } = stepCase(title);
  const { loss = {} } = options;
  const step = {
    options: {
      optimizer: options.optimizer ?? 'sgd',
      clip: options.clip ?? true,
      average: options.average ?? true,
      distill: options.distill ?? false,
      loss: {
        box: loss.box,
        ignore_threshold: loss.ignoreThreshold,
        assigner: loss.assigner,
        objectness: loss.objectness,
        classes: loss.classes,
        label_smoothing: loss.labelSmoothing,
        scale_balance: loss.scaleBalance,
        class_weights: loss.classWeights,
      },
    },
    state: [...state.keys()],
    runs: runs.map(({ scalars }) => scalars),
  };
  await writeSafetensors(file, {
    tensors: new Map([
      ...entries(state),
      ...runs.flatMap(({ batch }, index) => entries(Object.entries(batch), `${index}/`)),
    ]),
    metadata: { 'micro-yolo': JSON.stringify({ network }), step: JSON.stringify(step) },
  });
}

const run = (...args: readonly string[]) =>
  execFileSync(python, [path('training_step.py'), ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** One entry per line, so that diffs are readable. */
async function writeFixture(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  console.log(`${file}: ${text.length.toLocaleString('en-US')} bytes`);
}

const folder = temporaryFolder('training-step');
const asked = process.argv.slice(2);
const titles = asked.length > 0 ? asked : stepCaseTitles;
const files = titles.map((_, index) => join(folder, `${index}.safetensors`));
for (const [index, title] of titles.entries()) await writeCase(files[index]!, title);
const goldens = JSON.parse(run('steps', ...files)) as readonly Readonly<Record<string, unknown>>[];
const lines = goldens.map((golden, index) => JSON.stringify({ title: titles[index], ...golden }));
if (asked.length === 0) {
  await writeFixture(path('../../test/training/step/fixtures/steps.json'), `[\n${lines.join(',\n')}\n]\n`);
  await writeFixture(path('../../test/training/losses/fixtures/losses.json'), run('losses'));
}
