import { dirname, join } from 'node:path';
import {
  defaultClassNames,
  readClassNames,
  readModelClassNames,
} from '../../../foundation/classes/class-names.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { option } from '../../../foundation/errors/named-options.ts';
import { readWholeFile } from '../../../foundation/files/read.ts';
import { classCount } from '../../../network/layers.ts';
import type { InputRecipe, Model } from '../../model.ts';
import type { ModelDescription } from '../safetensors/description.ts';
import { readDarknetNetwork } from './network.ts';
import { darknetHeader, readDarknetWeights } from './weights.ts';

/** Files that belong to a cfg. */
export interface DarknetFiles {
  /** Weights file. @default the cfg's path with the extension .weights */
  readonly weights?: string | undefined;
  /**
   * File of class names, one per line.
   * @default the cfg's path with the extension .names, or obj.names or coco.names beside it, if the number of names
   * fits
   */
  readonly names?: string | undefined;
}

/** Provenance key for a weights file's header, in hexadecimal. An export writes the same header. */
export const HEADER_KEY = 'weights header';

/** Input recipe of Darknet networks: RGB in 0–1, stretched unless the cfg contains `letter_box=1`. */
const DARKNET_RECIPE: InputRecipe = {
  resize: 'stretch',
  resampling: 'bilinear',
  colorOrder: 'rgb',
  mean: 0,
  std: 255,
  fill: 114,
};

/** Returns the default path of a `.cfg`'s weights. */
export function defaultWeights(cfg: string): string {
  return cfg.replace(/\.cfg$/i, '.weights');
}

/** Default paths of class names, beside the cfg. */
const usualNames = (cfg: string) => [
  cfg.replace(/\.cfg$/i, '.names'),
  ...['obj.names', 'coco.names'].map((name) => join(dirname(cfg), name)),
];

/**
 * Returns the given names, or those of the first default file with the right number of names. Undefined if there is
 * none.
 */
async function readNames(
  cfg: string,
  given: string | undefined,
  count: number,
): Promise<readonly string[] | undefined> {
  if (given !== undefined) return readModelClassNames(given, count);
  for (const path of usualNames(cfg)) {
    try {
      const { names } = await readClassNames(path);
      // The file may belong to a model with other classes.
      if (names.length === count) return names;
    } catch (error) {
      if (!(error instanceof MicroYoloError && error.code === 'not-found')) throw error;
    }
  }
  return undefined;
}

/** Reads a cfg and all files that belong to it, except its weights. */
async function openDarknet(cfg: string, names: string | undefined) {
  const text = (await readWholeFile(cfg, 'a Darknet .cfg')).toString('utf8');
  const darknet = readDarknetNetwork(text, cfg);
  const { network, letterbox, warnings } = darknet;
  const count = classCount(network);
  const found = await readNames(cfg, names, count);
  const unnamed = `${cfg}: its ${count} classes are numbered, because no .names file with that many names is beside it`;
  return {
    darknet,
    warnings: found ? warnings : [...warnings, unnamed],
    description: {
      network,
      classes: found ?? defaultClassNames(count),
      recipe: letterbox ? { ...DARKNET_RECIPE, resize: 'letterbox' as const, fill: 128 } : DARKNET_RECIPE,
      provenance: { format: 'darknet', cfg: text },
    },
  };
}

/**
 * Reads a Darknet model without its weights.
 * @param cfg path of the configuration
 * @throws MicroYoloError if a file is missing, damaged or not supported
 */
export async function readDarknetDescription(cfg: string): Promise<ModelDescription> {
  return (await openDarknet(cfg, undefined)).description;
}

/**
 * Reads a Darknet model.
 * @param cfg path of the configuration
 * @returns the model, and warnings about ignored keys of the cfg and missing names, one line each
 * @throws MicroYoloError if a file is missing, damaged or not supported
 */
export async function readDarknet(
  cfg: string,
  files: DarknetFiles = {},
): Promise<{ readonly model: Model; readonly warnings: readonly string[] }> {
  const { darknet, warnings, description } = await openDarknet(cfg, files.names);
  const path = files.weights ?? defaultWeights(cfg);
  const bytes = await readWholeFile(path, 'a weights file').catch((error) => {
    if (files.weights === undefined && error instanceof MicroYoloError && error.code === 'not-found') {
      throw new MicroYoloError(
        'not-found',
        `${path}: no such file, expected the weights of ${cfg}; name them with ${option('weights')}`,
        { path },
      );
    }
    throw error;
  });
  const header = Buffer.from(darknetHeader(bytes)).toString('hex');
  const provenance = { ...description.provenance, [HEADER_KEY]: header };
  return {
    warnings,
    model: { ...description, provenance, weights: readDarknetWeights(bytes, darknet, path) },
  };
}

/**
 * Reads a Darknet model to train it. Its weights file may contain only the first convolutions. If no weights file is
 * named, it may be missing.
 * @param cfg path of the configuration
 * @returns the model with the weights that were found, and a line that describes them
 * @throws MicroYoloError if a file is missing, damaged or not supported
 */
export async function readDarknetStart(
  cfg: string,
  files: DarknetFiles = {},
): Promise<{ readonly model: Model; readonly warnings: readonly string[]; readonly summary: string }> {
  const { darknet, warnings, description } = await openDarknet(cfg, files.names);
  const path = files.weights ?? defaultWeights(cfg);
  const bytes = await readWholeFile(path, 'a weights file').catch((error) => {
    const isNone =
      files.weights === undefined && error instanceof MicroYoloError && error.code === 'not-found';
    if (isNone) return undefined;
    throw error;
  });
  if (!bytes) {
    const summary = `${cfg} starts from random weights, because ${path} does not exist; set others with ${option('weights')}`;
    return { warnings, summary, model: { ...description, weights: new Map() } };
  }
  const weights = readDarknetWeights(bytes, darknet, path, { partial: true });
  const whole = darknet.convolutions.length;
  const held = darknet.convolutions.filter(({ conv }) => weights.has(`${conv}.weight`)).length;
  const summary =
    held === whole
      ? `${cfg} starts from ${path}, which has all of its ${whole} convolutions`
      : `${cfg} starts from ${path}, which has ${held} of its ${whole} convolutions; the others start at random`;
  return { warnings, summary, model: { ...description, weights } };
}
