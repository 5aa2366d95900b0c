import { describe, expect, test } from 'vitest';
import { insertQuantization } from '../../../src/compression/quantize/insert.ts';
import { planQuantization } from '../../../src/compression/quantize/plan.ts';
import { activationScale } from '../../../src/compression/quantize/scales.ts';
import { tensorFloats } from '../../../src/executors/onnx/tensor-data.ts';
import { FIXTURE, floats, planAndRanges, run, smallGraph } from './small-graph.ts';

const proto = smallGraph();
const { view, able, plan, ranges } = await planAndRanges(proto);

describe('min-max scales equal those of onnxruntime.quantization', () => {
  test.for(Object.entries(FIXTURE.bits8.values))('for %s', ([name, [scale, zero]]) => {
    const found = activationScale(...ranges.get(plan.values.get(name)!)!.range);
    expect(found.scale).toBeCloseTo(scale, 6);
    expect(found.zeroPoint).toBe(zero);
  });
});

describe.each([7, 8] as const)('integers of %i bits equal those of onnxruntime.quantization', (bits) => {
  const { graph } = insertQuantization(proto, plan, ranges, { bits, biasCorrection: false });
  const held = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const found = FIXTURE[`bits${bits}`].weights;

  test.for(Object.entries(found))('for %s', ([name, expected]) => {
    const whole = held.get(`${name.replace('.', ' ')} as whole`)!.rawData;
    const values = name.endsWith('bias')
      ? [...new Int32Array(new Uint8Array(whole).buffer)]
      : [...new Int8Array(new Uint8Array(whole).buffer)];
    expect(values).toEqual(expected.values);
    const scales = tensorFloats(held.get(`${name.replace('.', ' ')} scale`)!);
    for (const [channel, scale] of expected.scales.entries()) expect(scales[channel]).toBeCloseTo(scale, 6);
  });
});

test("the graph's outputs equal those of onnxruntime.quantization within one step", async () => {
  const quantized = insertQuantization(proto, plan, ranges, { bits: 7, biasCorrection: false });
  const [found, expected] = [await run(quantized), floats(FIXTURE.outputs7)];
  const [scale] = FIXTURE.bits7.values['y']!;
  const errors = found.map((value, i) => Math.abs(value - expected[i]!) / scale);
  expect(Math.max(...errors)).toBeLessThan(1.1);
});

test('the same values are integers as in onnxruntime.quantization', () => {
  expect([...plan.values.keys()].sort()).toEqual(Object.keys(FIXTURE.bits8.values).sort());
});

test('the decoded values come from the last convolution', () => {
  expect(able.filter(({ isLast }) => isLast).map(({ name }) => name)).toEqual(['y']);
});

test('keeps the first convolution in float', () => {
  expect(able.map(({ name }) => name)).toEqual(['depthwise', 'pointwise', 'shortcut', 'dense', 'y']);
  expect(plan.values.has('first')).toBe(false);
});

test('values that are only moved keep the scale of their source', () => {
  expect(plan.values.get('pooled')).toBe('sum.relu');
  expect(plan.values.get('enlarged')).toBe('dense.leaky');
});

test('with only convolutions in 8 bits, nothing between them is', () => {
  const alone = planQuantization(view, able, false);
  expect(alone.values.has('sum')).toBe(false);
  expect(alone.values.has('dense.leaky')).toBe(false);
});

test('a corrected bias compensates for the mean shift of rounded weights', async () => {
  const shiftOf = async (biasCorrection: boolean) => {
    const quantized = insertQuantization(proto, plan, ranges, { bits: 7, biasCorrection });
    const shifts = new Float64Array(12);
    for (let place = 0; place < 4; place++) {
      const [found, expected] = [await run(quantized, place), await run(proto, place)];
      found.forEach((value, i) => {
        shifts[Math.floor(i / 256)]! += value - expected[i]!;
      });
    }
    return shifts.reduce((sum, shift) => sum + Math.abs(shift), 0);
  };
  expect(await shiftOf(true)).toBeLessThan(await shiftOf(false));
});
