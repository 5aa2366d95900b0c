import { resolve } from 'node:path';
import { isAddress } from '../../foundation/addresses.ts';
import { catalogEntry } from '../../models/fetch/catalog.ts';
import { isNetworkName } from '../../network/registry.ts';
import type { TrainingSettings } from './settings.ts';

/**
 * Settings that a resumed run may change. They do not affect its outcome, except for the rounding of another engine or
 * number of threads.
 */
export const FREE_SETTINGS = [
  'runs',
  'name',
  'checkpointMinutes',
  'engine',
  'threads',
  'workers',
  'cache',
] as const satisfies readonly (keyof TrainingSettings)[];

/** Makes the paths in settings absolute, so that they do not depend on the working directory. */
export function rootedSettings(settings: TrainingSettings): TrainingSettings {
  const { data, model, weights, teacher, teacherWeights, runs } = settings;
  const isName = (name: string) => isNetworkName(name) || isAddress(name) || catalogEntry(name) !== undefined;
  const rooted = (name: string) => (isName(name) ? name : resolve(name));
  return {
    ...settings,
    data: resolve(data),
    model: rooted(model),
    weights: weights && rooted(weights),
    teacher: teacher && rooted(teacher),
    teacherWeights: teacherWeights && resolve(teacherWeights),
    runs: resolve(runs),
  };
}

/** Settings that affect the outcome of a run, as text for comparison. */
export function outcomeSettings(settings: TrainingSettings): string {
  const free: readonly string[] = FREE_SETTINGS;
  const kept = Object.entries(rootedSettings(settings)).filter(([key]) => !free.includes(key));
  return JSON.stringify(Object.fromEntries(kept));
}
