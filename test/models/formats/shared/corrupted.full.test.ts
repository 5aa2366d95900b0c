import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pruneKernels, shareKernels } from '../../../../src/compression/share/deep-compression.ts';
import { shiftWeights } from '../../../../src/compression/shift/shift-weights.ts';
import { MicroYoloError } from '../../../../src/foundation/errors/errors.ts';
import { uniformRandom } from '../../../../src/foundation/random.ts';
import { readModel, writeCodedModel } from '../../../../src/models/formats/safetensors/model-file.ts';
import { encodeShared } from '../../../../src/models/formats/shared/shared-tensor.ts';
import { encodeShift } from '../../../../src/models/formats/shift/shift-tensor.ts';
import { temporaryFolder } from '../../../temporary-files.ts';
import { tinyModel } from '../../tiny-model.ts';

const model = tinyModel();
const shared = (sparsity: number) =>
  [...shareKernels(pruneKernels(model.weights, sparsity), { centers: 64 })].map(
    ([name, tensor]) => [name, { shape: tensor.shape, bytes: encodeShared(tensor) }] as const,
  );
const shifted = (bits: number) =>
  [...shiftWeights(model.weights, { bits }).shifted].map(
    ([name, tensor]) => [name, { shape: tensor.shape, bytes: encodeShift(tensor) }] as const,
  );

type Damage = (bytes: Buffer, random: () => number) => Buffer;
const at = (bytes: Buffer, random: () => number) => Math.floor(random() * bytes.length);

function flipped(bytes: Buffer, random: () => number): Buffer {
  const broken = Buffer.from(bytes);
  for (let bit = Math.floor(random() * 8); bit >= 0; bit--)
    broken[at(bytes, random)]! ^= 1 << Math.floor(random() * 8);
  return broken;
}

/** The head of the file holds byte counts, shapes and names. */
function flippedHead(bytes: Buffer, random: () => number): Buffer {
  const head = 8 + Number(bytes.readBigUInt64LE(0));
  return Buffer.concat([flipped(bytes.subarray(0, head), random), bytes.subarray(head)]);
}

function zeroed(bytes: Buffer, random: () => number): Buffer {
  const broken = Buffer.from(bytes);
  const start = at(bytes, random);
  return broken.fill(0, start, Math.min(broken.length, start + 1 + Math.floor(random() * 64)));
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  flipped,
  'flipped in the head': flippedHead,
  zeroed,
  cut: (bytes, random) => bytes.subarray(0, at(bytes, random)),
  extended: (bytes, random) =>
    Buffer.concat([
      bytes,
      Buffer.from(Array.from({ length: 1 + (at(bytes, random) % 300) }, () => 256 * random())),
    ]),
};

const KINDS = { 'dense codes': shared(0), 'sparse codes': shared(0.8), 'integers in blocks': shifted(4) };
const ROUNDS = 10_000 / Object.keys(KINDS).length / Object.keys(DAMAGES).length;

test.for(Object.entries(KINDS))(
  'damaged files of %s give a one-line error, or the same weights to the bit',
  async ([, coded]) => {
    const folder = temporaryFolder();
    const [file, target] = [join(folder, 'whole.safetensors'), join(folder, 'broken.safetensors')];
    await writeCodedModel(file, model, new Map(coded));
    const bytes = await readFile(file);
    const { weights } = await readModel(file);
    const random = uniformRandom(11);
    let refused = 0;
    for (const damage of Object.values(DAMAGES)) {
      for (let round = 0; round < ROUNDS; round++) {
        await writeFile(target, damage(bytes, random));
        try {
          expect((await readModel(target)).weights).toEqual(weights);
        } catch (error) {
          expect(error).toBeInstanceOf(MicroYoloError);
          expect((error as MicroYoloError).message).not.toContain('\n');
          refused++;
        }
      }
    }
    expect(refused).toBeGreaterThan(3 * ROUNDS);
  },
);
