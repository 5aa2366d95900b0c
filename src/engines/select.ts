import { MicroYoloError } from '../errors.ts';
import type { Tensors } from '../graph/operations.ts';
import type { Choices } from '../onnx/blocked/choices.ts';
import { type BlockedStep, lowerBlockedStep } from '../onnx/blocked/lower.ts';
import type { LoweredStep } from '../onnx/lowered-step.ts';
import { lowerPlainStep } from '../onnx/plain/lower.ts';
import type { StepGraph } from './engine.ts';
import { checkMemory } from './memory.ts';
import { tuneGradients } from './onnx/autotune.ts';
import { blockSize } from './onnx/block-size.ts';
import { OnnxEngine, type OnnxEngineOptions } from './onnx/engine.ts';
import { checkBlocked } from './onnx/self-check.ts';

/** `auto` takes the blocked layout where the machine has it and it proves right, else the plain one. */
export const ENGINES = ['auto', 'onnx-blocked', 'onnx-plain'] as const;
export type EngineName = (typeof ENGINES)[number];

export interface CreateEngineOptions extends OnnxEngineOptions {
  /** @default 'auto' */
  readonly engine?: EngineName | undefined;
  /** Which form computes each gradient, from an earlier run; what it does not say is chosen by rule. */
  readonly choices?: Choices | undefined;
  /** Measures the forms that gradients can take before training, for some seconds. @default false */
  readonly tune?: boolean | undefined;
  /** Hears why an engine is not the one hoped for. */
  readonly onNote?: ((message: string) => void) | undefined;
}

export interface CreatedEngine {
  readonly engine: OnnxEngine;
  /** To keep with the run: a resumed one computes the same with them. */
  readonly choices: Choices;
}

/** The block size, where blocked steps prove right; else a word on why not. */
async function usableBlocks(): Promise<{ readonly block: number } | { readonly problem: string }> {
  const block = await blockSize();
  if (block === undefined) return { problem: 'this CPU has no blocked layout in ONNX Runtime' };
  const problem = await checkBlocked(block);
  return problem === undefined
    ? { block }
    : { problem: `the blocked layout computes wrongly here: ${problem}` };
}

/**
 * Makes the engine that trains a step.
 * @param batch images in the step
 * @throws MicroYoloError `unsupported` where the engine asked for does not work, or memory does not suffice
 */
export async function createEngine(
  step: StepGraph,
  batch: number,
  state: Tensors,
  options: CreateEngineOptions = {},
): Promise<CreatedEngine> {
  const { engine: wanted = 'auto', choices = {}, tune = false, onNote } = options;
  checkMemory(step.graph, batch);
  let lowered: LoweredStep | BlockedStep | undefined;
  if (wanted !== 'onnx-plain') {
    const usable = await usableBlocks();
    if ('block' in usable) {
      const measured = tune ? await tuneGradients(step.graph, usable.block, options.threads) : {};
      lowered = lowerBlockedStep(step.graph, usable.block, { ...measured, ...choices });
    } else if (wanted === 'onnx-blocked') {
      throw new MicroYoloError('unsupported', `engine onnx-blocked: ${usable.problem}; use onnx-plain`);
    } else onNote?.(`${usable.problem}; training in the plain layout, about half as fast`);
  }
  lowered ??= lowerPlainStep(step.graph);
  const engine = await OnnxEngine.create(step, lowered, state, options);
  return { engine, choices: 'choices' in lowered ? lowered.choices : {} };
}
