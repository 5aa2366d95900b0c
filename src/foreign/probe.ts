import type { Outputs } from '../detection/decoder.ts';
import type { GraphFacts } from '../detection/families/family.ts';
import { placeImage } from '../image/letterbox.ts';
import type { GraphModel } from '../model/graph-model.ts';
import { decoderView } from './decoder-view.ts';
import { GraphNetwork } from './graph-network.ts';
import type { Claimant } from './recognize.ts';

type Probed = Pick<GraphModel, 'onnx' | 'name' | 'input'>;

/** Values as photos have them, that repeat nowhere: a wave of colors with noise on it. */
function testPixels(width: number, height: number): Uint8Array {
  const pixels = new Uint8Array(3 * width * height);
  let state = 1;
  for (let at = 0; at < pixels.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const wave = Math.sin(at / (30 + (at % 3))) * Math.cos(at / (3 * width) / 25);
    pixels[at] = Math.round(128 + 90 * wave + ((state >>> 24) - 128) / 6);
  }
  return pixels;
}

/** What a graph gives for a test image that fills its input. */
async function lookAt(graph: Probed, recipe: GraphModel['recipe']): Promise<Outputs> {
  const { width, height } = graph.input;
  await using network = await GraphNetwork.open({ ...graph, recipe });
  const placement = placeImage({ width, height }, { width, height }, 'stretch');
  return await network.run(
    network.feeds({ pixels: testPixels(width, height), placement, input: { width, height } }),
  );
}

/** Facts whose outputs' shapes are all known: those that the file leaves open are found out by running it. */
export async function fillOutputShapes(
  facts: GraphFacts,
  graph: Probed,
  recipe: GraphModel['recipe'],
): Promise<GraphFacts> {
  const isKnown = facts.outputs.every(({ shape }) => shape.length > 0 && !shape.includes(undefined));
  if (isKnown) return facts;
  const outputs = await lookAt(graph, recipe);
  return {
    ...facts,
    outputs: facts.outputs.map((output) => ({
      ...output,
      shape: outputs[output.name]?.shape ?? output.shape,
    })),
  };
}

/** Those of several families that fit what the graph really gives. */
export async function plausible(
  candidates: readonly Claimant[],
  graph: Probed,
): Promise<readonly Claimant[]> {
  const { width, height } = graph.input;
  const placement = placeImage({ width, height }, { width, height }, 'stretch');
  const left: Claimant[] = [];
  for (const candidate of candidates) {
    const { family, claim } = candidate;
    const outputs = await lookAt(graph, { ...family.recipe, ...claim.recipe });
    const view = decoderView(placement, { width, height }, claim.classCount ?? 0, 0, true);
    if (family.isPlausible?.(outputs, claim.parameters, view) ?? true) left.push(candidate);
  }
  return left;
}
