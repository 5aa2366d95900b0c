import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { placeImage } from '../../image/letterbox.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { Outputs } from '../decoders/decoder.ts';
import type { GraphFacts } from '../families/family.ts';
import { decoderView } from './decoder-view.ts';
import { GraphNetwork } from './graph-network.ts';
import type { Claimant } from './recognize.ts';

type Probed = Pick<GraphModel, 'onnx' | 'name' | 'input'>;

/** Wavelengths of the test images, in pixels. */
const WAVES = [30, 7] as const;

/** Creates an image with photo-like values that never repeat: a wave of colors with noise. */
function testPixels(width: number, height: number, wave: number): Uint8Array {
  const pixels = new Uint8Array(3 * width * height);
  let state = wave;
  for (let at = 0; at < pixels.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = Math.sin(at / (wave + (at % 3))) * Math.cos(at / (3 * width) / wave);
    pixels[at] = Math.round(128 + 90 * value + ((state >>> 24) - 128) / 6);
  }
  return pixels;
}

/** Runs a graph on a test image that fills its input. */
async function lookAt(network: GraphNetwork, wave: number): Promise<Outputs> {
  const { input } = network;
  const placement = placeImage(input, input, 'stretch');
  const pixels = testPixels(input.width, input.height, wave);
  const { outputs } = await network.run(network.feeds({ pixels, placement, input }));
  return outputs;
}

/** Runs a graph on the first test image for which it succeeds. Some graphs fail if they detect nothing. */
async function lookAtAny(network: GraphNetwork): Promise<Outputs> {
  for (const wave of WAVES) {
    try {
      return await lookAt(network, wave);
    } catch (error) {
      if (!(error instanceof MicroYoloError)) throw error;
    }
  }
  return {};
}

/** Completes the facts with output shapes that the file leaves open, as far as a test run shows them. */
export async function fillOutputShapes(
  facts: GraphFacts,
  graph: Probed,
  recipe: GraphModel['recipe'],
): Promise<GraphFacts> {
  const isKnown = facts.outputs.every(({ shape }) => shape.length > 0 && !shape.includes(undefined));
  if (isKnown) return facts;
  await using network = await GraphNetwork.open({ ...graph, recipe });
  const outputs = await lookAtAny(network);
  return {
    ...facts,
    outputs: facts.outputs.map((output) => ({
      ...output,
      shape: outputs[output.name]?.shape ?? output.shape,
    })),
  };
}

/** Returns the families that fit the graph's outputs for two test images. */
export async function plausible(
  candidates: readonly Claimant[],
  graph: Probed,
): Promise<readonly Claimant[]> {
  const { width, height } = graph.input;
  const input = { width, height };
  const placement = placeImage(input, input, 'stretch');
  await using first = await GraphNetwork.open({ ...graph, recipe: candidates[0]!.family.recipe });
  const left: Claimant[] = [];
  const seen = new Map<string, Outputs>();
  const look = async (recipe: GraphModel['recipe'], wave: number): Promise<Outputs> => {
    const key = JSON.stringify([recipe, wave]);
    const outputs = seen.get(key) ?? (await lookAt(first.withRecipe(recipe), wave));
    seen.set(key, outputs);
    return outputs;
  };
  for (const candidate of candidates) {
    const { family, claim } = candidate;
    const view = decoderView(placement, input, claim.classCount ?? 0, 0, true);
    let fits = true;
    for (const wave of WAVES) {
      if (!fits || !family.isPlausible) break;
      const outputs = await look({ ...family.recipe, ...claim.recipe }, wave);
      fits = family.isPlausible(outputs, claim.parameters, view);
    }
    if (fits) left.push(candidate);
  }
  return left;
}
