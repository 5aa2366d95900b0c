import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MicroYoloError } from '../../errors.ts';
import { readWholeFile } from '../../files.ts';
import { classCount } from '../../network/layers.ts';
import { defaultClassNames, parseClassNames } from '../class-names.ts';
import type { InputRecipe, Model } from '../model.ts';
import { readDarknetNetwork } from './network.ts';
import { readDarknetWeights } from './weights.ts';

export interface DarknetFiles {
  /** Weights file. @default the cfg's path with the ending .weights */
  readonly weights?: string | undefined;
  /** Class names, one a line. @default coco.names beside the cfg, where its count fits */
  readonly names?: string | undefined;
}

/** How Darknet feeds its networks: RGB in 0–1, stretched unless the cfg says `letter_box=1`. */
const DARKNET_RECIPE: InputRecipe = {
  resize: 'stretch',
  resampling: 'bilinear',
  colorOrder: 'rgb',
  mean: 0,
  std: 255,
  fill: 114,
};

/** The weights that belong to a `.cfg` where nobody names them. */
export function defaultWeights(cfg: string): string {
  return cfg.replace(/\.cfg$/i, '.weights');
}

async function readNames(cfg: string, given: string | undefined, count: number): Promise<readonly string[]> {
  const path = given ?? join(dirname(cfg), 'coco.names');
  const found =
    given !== undefined ||
    (await access(path).then(
      () => true,
      () => false,
    ));
  if (!found) return defaultClassNames(count);
  const text = (await readWholeFile(path, 'a file of class names')).toString('utf8');
  try {
    return parseClassNames(text, count, path);
  } catch (error) {
    // coco.names is only a guess: a model of other classes may lie beside it.
    if (given !== undefined) throw error;
    return defaultClassNames(count);
  }
}

/**
 * Reads a Darknet model.
 * @param cfg path of the configuration
 * @returns the model, and a line for each key of the cfg that was ignored
 * @throws MicroYoloError where a file is missing, damaged or not supported
 */
export async function readDarknet(
  cfg: string,
  files: DarknetFiles = {},
): Promise<{ readonly model: Model; readonly warnings: readonly string[] }> {
  const text = (await readWholeFile(cfg, 'a Darknet .cfg')).toString('utf8');
  const darknet = readDarknetNetwork(text, cfg);
  const path = files.weights ?? defaultWeights(cfg);
  const bytes = await readWholeFile(path, 'a weights file').catch((error) => {
    if (files.weights === undefined && error instanceof MicroYoloError && error.code === 'not-found') {
      throw new MicroYoloError(
        'not-found',
        `${path}: no such file, expected the weights of ${cfg}; name them with --weights`,
      );
    }
    throw error;
  });
  const { network, letterbox, warnings } = darknet;
  return {
    warnings,
    model: {
      network,
      weights: readDarknetWeights(bytes, darknet, path),
      classes: await readNames(cfg, files.names, classCount(network)),
      recipe: letterbox ? { ...DARKNET_RECIPE, resize: 'letterbox', fill: 128 } : DARKNET_RECIPE,
      provenance: { format: 'darknet', cfg: text },
    },
  };
}
