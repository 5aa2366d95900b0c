import { describe, expect, test } from 'vitest';
import { encodeOnnx } from '../../../src/executors/onnx/file.ts';
import type { Dimension } from '../../../src/graph/operations.ts';
import type { InputRecipe } from '../../../src/image/recipe/recipe.ts';
import { sizedGraph } from '../../../src/models/formats/onnx/sized-graph.ts';
import type { GraphModel } from '../../../src/models/graph-model.ts';
import { DEFAULT_RECIPE } from '../../../src/models/model.ts';

/** A graph that returns its images unchanged. */
function modelOf(side: Dimension, resize: InputRecipe['resize']): GraphModel {
  const shape: readonly Dimension[] = [1, 3, side, side];
  return {
    kind: 'graph',
    name: 'net',
    onnx: encodeOnnx({
      name: 'net',
      opset: 17,
      nodes: [{ type: 'Identity', inputs: ['images'], outputs: ['output'] }],
      inputs: [{ name: 'images', type: 'float32', shape }],
      outputs: [{ name: 'output', type: 'float32', shape }],
      initializers: [],
      metadata: {},
    }),
    input: { name: 'images', type: 'float', layout: 'nchw', batch: 1, width: 64, height: 64, extras: {} },
    decoder: { family: 'yolox', parameters: {} },
    classes: ['cat'],
    recipe: { ...DEFAULT_RECIPE, resize },
    provenance: {},
  };
}

describe('another input size of a graph', () => {
  test.each([
    ['of any size', modelOf('batch', 'letterbox')],
    ['of one size', modelOf(64, 'letterbox')],
  ])('%s is a size that its grids divide', async (_, model) => {
    await expect(sizedGraph(model, 100, 'net.onnx')).rejects.toThrow(
      'size 100×100: expected multiples of 32 px',
    );
    const { input } = await sizedGraph(model, { width: 96, height: 128 }, 'net.onnx');
    expect([input.width, input.height]).toEqual([96, 128]);
    await expect(sizedGraph(model, 96, 'net.onnx', 64)).rejects.toThrow('expected multiples of 64 px');
  });

  test('can be any size if images keep their own sizes', async () => {
    const { input } = await sizedGraph(modelOf('batch', 'shortest'), 100, 'net.onnx');
    expect([input.width, input.height]).toEqual([100, 100]);
  });
});
