import { checkRange } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import type { Tensors } from '../../graph/operations.ts';
import type { Choices } from '../onnx/blocked/choices.ts';
import { lowerBlockedStep } from '../onnx/blocked/lower.ts';
import { lowerPlainStep } from '../onnx/plain/lower.ts';
import { tuneGradients } from '../onnx/step/autotune.ts';
import { blockSize } from '../onnx/step/block-size.ts';
import { checkBlocked } from '../onnx/step/check-blocked.ts';
import { createOnnxEngine, type OnnxEngineOptions } from '../onnx/step/executor.ts';
import { isInstalled } from '../tensorflow/load.ts';
import { createTensorFlowEngine } from '../tensorflow/step/executor.ts';
import { checkMemory } from './memory.ts';
import { ENGINES, type EngineName, GPU_ENGINES, type NamedEngine } from './names.ts';
import type { StepGraph, TrainingEngine } from './step-executor.ts';

/** Options for creating an engine. */
export interface CreateEngineOptions extends OnnxEngineOptions {
  /** Name of the engine. @default 'auto' */
  readonly engine?: EngineName | undefined;
  /** Whether to fail if no GPU is used. @default false */
  readonly requireGpu?: boolean | undefined;
  /** Form of each gradient, from an earlier run. Missing forms are chosen by rule. */
  readonly choices?: Choices | undefined;
  /** Whether to first measure the forms of each gradient, for a few seconds. @default false */
  readonly tune?: boolean | undefined;
  /** Called if the engine differs from the preferred one, with the reason. */
  readonly onNote?: ((message: string) => void) | undefined;
}

/** An engine, and the forms of its gradients. */
export interface CreatedEngine {
  /** The engine. */
  readonly engine: TrainingEngine;
  /** Form of each gradient. Store it with the run, so that a resumed run computes the same. */
  readonly choices: Choices;
}

/** A step, its number of images, and its initial state. */
interface Work {
  readonly step: StepGraph;
  readonly batch: number;
  readonly state: Tensors;
}

/** Returns the block size if a blocked step passes its check, otherwise the reason why not. */
async function usableBlocks(): Promise<{ readonly block: number } | { readonly problem: string }> {
  const block = await blockSize();
  if (block === undefined) return { problem: 'this CPU has no blocked layout in ONNX Runtime' };
  const problem = await checkBlocked(block);
  return problem === undefined
    ? { block }
    : { problem: `the blocked layout computes wrong results here: ${problem}` };
}

async function createBlocked(
  { step, batch, state }: Work,
  block: number,
  options: CreateEngineOptions,
): Promise<CreatedEngine> {
  checkMemory(step.graph, batch);
  const { choices = {}, tune = false, threads } = options;
  const measured = tune ? await tuneGradients(step.graph, block, threads) : {};
  const lowered = lowerBlockedStep(step.graph, block, { ...measured, ...choices });
  return { engine: await createOnnxEngine(step, lowered, state, options), choices: lowered.choices };
}

async function createTensorFlow(
  { step, batch, state }: Work,
  backend: 'tensorflow' | 'webgpu',
): Promise<CreatedEngine> {
  const engine = await createTensorFlowEngine(step, state, backend);
  try {
    if (engine.device.kind === 'cpu') checkMemory(step.graph, batch);
  } catch (error) {
    await engine[Symbol.asyncDispose]();
    throw error;
  }
  return { engine, choices: {} };
}

async function createNamed(
  name: NamedEngine,
  work: Work,
  options: CreateEngineOptions,
): Promise<CreatedEngine> {
  const { step, batch, state } = work;
  const createPlain = async (provider: 'cpu' | 'cuda' | 'webgpu') => {
    const engine = await createOnnxEngine(step, lowerPlainStep(step.graph), state, options, provider);
    return { engine, choices: {} };
  };
  switch (name) {
    case 'onnx-blocked': {
      const usable = await usableBlocks();
      if ('block' in usable) return createBlocked(work, usable.block, options);
      throw new MicroYoloError('unsupported', `engine onnx-blocked: ${usable.problem}; use onnx-plain`);
    }
    case 'onnx-plain':
      checkMemory(step.graph, batch);
      return createPlain('cpu');
    case 'onnx-cuda':
      // On newer GPUs, TF32 would keep only ten bits of the products with which assigners select boxes.
      process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
      return createPlain('cuda');
    case 'onnx-webgpu':
      return createPlain('webgpu');
    case 'tensorflow':
    case 'webgpu':
      return createTensorFlow(work, name);
  }
}

/** Returns notes about options that have no effect with this engine. */
function unusedOptions({ name }: TrainingEngine, { threads, tune = false }: CreateEngineOptions): string[] {
  return [
    ...(threads !== undefined && !name.startsWith('onnx')
      ? [`threads ${threads}: ignored, because ${name} chooses its own number`]
      : []),
    ...(tune && name !== 'onnx-blocked'
      ? [`tune: ignored, because ${name} has only one form of each gradient`]
      : []),
  ];
}

const describe = ({ name, device }: TrainingEngine) => `${name} on ${device.name}`;

/** Returns the first engine that uses a GPU, and the reasons why those before it do not. */
async function createOnGpu(
  names: readonly NamedEngine[],
  work: Work,
  options: CreateEngineOptions,
): Promise<{ readonly created?: CreatedEngine; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  for (const name of names) {
    try {
      const created = await createNamed(name, work, options);
      if (created.engine.device.kind === 'gpu') return { created, problems };
      await created.engine[Symbol.asyncDispose]();
      problems.push(`${describe(created.engine)}, which is not a GPU`);
    } catch (error) {
      if (!(error instanceof MicroYoloError) || error.code !== 'unsupported') throw error;
      problems.push(error.message);
    }
  }
  return { problems };
}

async function createBest(work: Work, options: CreateEngineOptions): Promise<CreatedEngine> {
  if (isInstalled('@tensorflow/tfjs-node-gpu')) {
    const { created, problems } = await createOnGpu(['tensorflow'], work, options);
    if (created) return created;
    options.onNote?.(`${problems.join('; ')}; training on the CPU; \`micro-yolo doctor\` tells you more`);
  }
  const usable = await usableBlocks();
  if ('block' in usable) return createBlocked(work, usable.block, options);
  options.onNote?.(`${usable.problem}; training in the plain layout, about two thirds as fast`);
  return createNamed('onnx-plain', work, options);
}

/**
 * Creates an engine for a training step.
 * @param batch number of images in the step
 * @throws MicroYoloError `invalid-argument` for an unknown engine; `unsupported` if the requested engine does not work,
 *   memory is insufficient, or a GPU is required but not used
 */
export async function createEngine(
  step: StepGraph,
  batch: number,
  state: Tensors,
  options: CreateEngineOptions = {},
): Promise<CreatedEngine> {
  const { engine: wanted = 'auto', requireGpu = false, threads } = options;
  if (threads !== undefined) checkRange('threads', threads, 1, 1024, true);
  if (!ENGINES.includes(wanted)) {
    throw new MicroYoloError(
      'invalid-argument',
      `engine ${JSON.stringify(wanted)}: expected ${ENGINES.join(', ')}`,
      { field: 'engine', received: wanted },
    );
  }
  const work = { step, batch, state };
  if (!requireGpu) {
    const made = await (wanted === 'auto' ? createBest(work, options) : createNamed(wanted, work, options));
    for (const note of unusedOptions(made.engine, options)) options.onNote?.(note);
    return made;
  }
  const { created, problems } = await createOnGpu(wanted === 'auto' ? GPU_ENGINES : [wanted], work, options);
  if (created) {
    for (const note of [...problems, ...unusedOptions(created.engine, options)]) options.onNote?.(note);
    return created;
  }
  throw new MicroYoloError(
    'unsupported',
    `${option('requireGpu')}: ${problems.join('; ')}; \`micro-yolo doctor\` shows how to fix it`,
  );
}
