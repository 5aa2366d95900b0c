import { freemem, totalmem } from 'node:os';
import { elementCount } from '../../foundation/element-count.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import type { Graph, Value } from '../../graph/operations.ts';

const BYTES = { float32: 4, uint8: 1, bool: 1 } as const;

function bytesOf({ shape, type }: Value): number {
  return BYTES[type] * elementCount(shape as readonly number[]);
}

export interface StepMemory {
  /** Bytes of the state. It counts twice, because a step reads one copy and writes the other. */
  readonly state: number;
  /** Peak size of the values that are in memory at once while the graph runs, in bytes. */
  readonly activations: number;
}

/** Returns the memory that a step needs, in bytes. Each value is freed after its last use. */
export function stepMemory({ parameters, inputs, nodes, outputs }: Graph): StepMemory {
  const lastUse = new Map<number, number>();
  nodes.forEach((node, index) => {
    for (const { id } of node.inputs) lastUse.set(id, index);
  });
  for (const { value } of outputs) lastUse.set(value.id, nodes.length);
  const state = parameters.reduce((sum, { value }) => sum + 2 * bytesOf(value), 0);
  const given = new Set([...parameters, ...inputs].map(({ value }) => value.id));
  const written = new Set(outputs.map(({ value }) => value.id));
  let alive = inputs.reduce((sum, { value }) => sum + bytesOf(value), 0);
  let most = alive;
  nodes.forEach((node, index) => {
    for (const value of node.outputs) if (!written.has(value.id)) alive += bytesOf(value);
    most = Math.max(most, alive);
    for (const value of new Set([...node.inputs, ...node.outputs])) {
      const ends = (lastUse.get(value.id) ?? index) === index;
      if (ends && !given.has(value.id) && !written.has(value.id)) alive -= bytesOf(value);
    }
  });
  return { state, activations: most };
}

/** Returns the bytes that this process can still allocate, including in a container with a limit. */
export function freeMemory(): number {
  const free = Math.min(freemem(), process.availableMemory());
  // macOS does not count memory as free that it could release immediately.
  return process.platform === 'darwin' ? Math.max(free, totalmem() / 2) : free;
}

/**
 * @param batch number of images in the step
 * @param available available memory in bytes. @default the machine's free memory
 * @throws MicroYoloError `unsupported` with the batch size that would fit
 */
export function checkMemory(graph: Graph, batch: number, available = freeMemory()): void {
  const { state, activations } = stepMemory(graph);
  const needed = state + activations;
  if (needed <= available) return;
  const fits = Math.floor(((available - state) / activations) * batch);
  const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
  const remedy = fits >= 1 ? `a batch of ${fits} would fit` : 'use a smaller input size or network';
  throw new MicroYoloError(
    'unsupported',
    `batch ${batch}: a step needs about ${mebibytes(needed)}, ${mebibytes(available)} is free; ${remedy}`,
  );
}
