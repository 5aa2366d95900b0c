import { dirname, join } from 'node:path';
import { MicroYoloError } from '../../errors.ts';
import { readWholeFile } from '../../files.ts';
import { classCount } from '../../network/layers.ts';
import { defaultClassNames, parseClassNames } from '../class-names.ts';
import type { InputRecipe, Model } from '../model.ts';
import { readDarknetNetwork } from './network.ts';
import { darknetHeader, readDarknetWeights } from './weights.ts';

export interface DarknetFiles {
  /** Weights file. @default the cfg's path with the ending .weights */
  readonly weights?: string | undefined;
  /**
   * Class names, one a line.
   * @default the cfg's path with the ending .names, or obj.names or coco.names beside it, where its count fits
   */
  readonly names?: string | undefined;
}

/** Provenance that keeps a weights file's header, in hexadecimal, so that an export gives it back. */
export const HEADER_KEY = 'weights header';

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

/** Where names are looked for that nobody gives: beside the cfg. */
const usualNames = (cfg: string) => [
  cfg.replace(/\.cfg$/i, '.names'),
  ...['obj.names', 'coco.names'].map((name) => join(dirname(cfg), name)),
];

/** Names that are given, else those of the first usual file whose count fits; none where there is no such file. */
async function readNames(
  cfg: string,
  given: string | undefined,
  count: number,
): Promise<readonly string[] | undefined> {
  for (const path of given === undefined ? usualNames(cfg) : [given]) {
    try {
      const text = (await readWholeFile(path, 'a file of class names')).toString('utf8');
      return parseClassNames(text, count, path);
    } catch (error) {
      // A model of other classes may lie beside it.
      if (given !== undefined || !(error instanceof MicroYoloError)) throw error;
    }
  }
  return undefined;
}

/**
 * Reads a Darknet model.
 * @param cfg path of the configuration
 * @returns the model, and a line for each key of the cfg that was ignored and for names that are missing
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
  const count = classCount(network);
  const names = await readNames(cfg, files.names, count);
  const unnamed = `${cfg}: its ${count} classes are numbered, for no file of so many names lies beside it`;
  return {
    warnings: names ? warnings : [...warnings, unnamed],
    model: {
      network,
      weights: readDarknetWeights(bytes, darknet, path),
      classes: names ?? defaultClassNames(count),
      recipe: letterbox ? { ...DARKNET_RECIPE, resize: 'letterbox', fill: 128 } : DARKNET_RECIPE,
      provenance: {
        format: 'darknet',
        cfg: text,
        [HEADER_KEY]: Buffer.from(darknetHeader(bytes)).toString('hex'),
      },
    },
  };
}
