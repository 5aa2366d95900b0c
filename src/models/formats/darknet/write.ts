import { isDeepStrictEqual } from 'node:util';
import { numberClasses } from '../../../foundation/classes/class-names.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { optionValues } from '../../../foundation/errors/named-options.ts';
import { trimmedLines } from '../../../foundation/files/text.ts';
import type { FeatureShape, Network } from '../../../network/layers.ts';
import type { InputRecipe, Model } from '../../model.ts';
import { formatDarknetConfig } from './config.ts';
import { readDarknetNetwork } from './network.ts';
import { networkSections } from './network-sections.ts';
import { pixelMatrix } from './pixel-matrix.ts';
import { HEADER_KEY } from './read.ts';
import { encodeDarknetWeights, writeDarknetWeights } from './weights.ts';

/** The three Darknet files of a model. */
export interface DarknetExport {
  readonly cfg: string;
  readonly weights: Uint8Array;
  /** Class names, one per line. */
  readonly names: string;
  /** Differences between Darknet and the model, one line each. */
  readonly notes: readonly string[];
}

/** Returns a `.cfg` with another input size. */
function withSize(cfg: string, [, height, width]: FeatureShape): string {
  const lines = cfg.split('\n');
  const isHeader = (line: string) => /^\s*\[/.test(line);
  const first = lines.findIndex(isHeader);
  const second = lines.findIndex((line, place) => place > first && isHeader(line));
  const net = lines.slice(first + 1, second < 0 ? undefined : second);
  const others = lines.slice(first + 1 + net.length);
  for (const [key, side] of Object.entries({ width, height })) {
    const place = net.findIndex((line) => new RegExp(`^\\s*${key}\\s*=`).test(line));
    if (place < 0) net.unshift(`${key}=${side}`);
    else net[place] = net[place]!.replace(/=\s*\d+/, `=${side}`);
  }
  return [...lines.slice(0, first + 1), ...net, ...others].join('\n');
}

/** Returns the `.cfg` that a model was read from, if it still describes the model's network. */
function ownConfig({ network, provenance }: Model) {
  const { cfg } = provenance;
  if (cfg === undefined) return undefined;
  const name = `${network.name}.cfg`;
  const isOwn = (other: Network) =>
    isDeepStrictEqual([other.layers, other.input], [network.layers, network.input]);
  try {
    const text = isOwn(readDarknetNetwork(cfg, name).network) ? cfg : withSize(cfg, network.input);
    const darknet = readDarknetNetwork(text, name);
    return isOwn(darknet.network) ? { text, darknet } : undefined;
  } catch (error) {
    // The old `.cfg` no longer describes the network, so a new one is written.
    if (error instanceof MicroYoloError) return undefined;
    throw error;
  }
}

function formatNames(classes: readonly string[]): string {
  const text = classes.map((name) => `${name}\n`).join('');
  const read = numberClasses(trimmedLines(text)).names;
  const wrong = classes.find((name, place) => name !== read[place]);
  if (wrong === undefined) return text;
  throw new MicroYoloError(
    'unsupported',
    `class ${JSON.stringify(wrong)}: cannot be written as a line of a .names file; export with ${optionValues({ format: 'onnx' })}`,
  );
}

/** Describes how Darknet's image preparation differs from a recipe. */
function recipeNotes({ resize, resampling, fill }: InputRecipe): readonly string[] {
  const kept = ['letterbox', 'stretch'].includes(resize);
  return [
    ...(kept ? [] : [`the model resizes images by ${resize}, but Darknet stretches them`]),
    ...(resize === 'letterbox' && fill !== 128
      ? [`the model's letterbox border is ${fill}, but Darknet's is 128`]
      : []),
    ...(resampling === 'bilinear'
      ? []
      : [`the model's resampling is ${resampling}, but Darknet's is bilinear`]),
  ];
}

/**
 * Converts a model to a Darknet `.cfg`, weights and names. A model that was read from Darknet files gives the same
 * files.
 * @throws MicroYoloError `unsupported` that names a layer or class that Darknet does not support
 */
export function writeDarknet(model: Model): DarknetExport {
  const { network, weights, classes, recipe, provenance } = model;
  const names = formatNames(classes);
  const own = ownConfig(model);
  if (own) {
    const header = provenance[HEADER_KEY];
    const bytes = header === undefined ? undefined : new Uint8Array(Buffer.from(header, 'hex'));
    return { cfg: own.text, weights: writeDarknetWeights(own.darknet, weights, bytes), names, notes: [] };
  }
  const { sections, values } = networkSections(network, weights, pixelMatrix(recipe));
  const [channels, height, width] = network.input;
  const net = { batch: 1, subdivisions: 1, width, height, channels };
  const letterbox = recipe.resize === 'letterbox' ? { letter_box: 1 } : {};
  const entries = Object.entries({ ...net, ...letterbox }).map(
    ([key, value]) => [key, String(value)] as const,
  );
  return {
    cfg: formatDarknetConfig([{ type: 'net', entries: new Map(entries) }, ...sections]),
    weights: encodeDarknetWeights(values),
    names,
    notes: recipeNotes(recipe),
  };
}
