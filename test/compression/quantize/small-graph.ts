import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { findConvolutions } from '../../../src/compression/quantize/convolutions.ts';
import { type OnnxProto, viewGraph } from '../../../src/compression/quantize/graph.ts';
import { planQuantization } from '../../../src/compression/quantize/plan.ts';
import { calibrate } from '../../../src/compression/quantize/ranges/calibrate.ts';
import type { RunImages } from '../../../src/compression/quantize/ranges/statistics.ts';
import { ModelProtoSchema } from '../../../src/executors/onnx/onnx-proto.ts';
import { mapOutput, withMapOutputs } from '../../../src/executors/onnx/outputs/map-outputs.ts';
import { readOnnx } from '../../../src/executors/onnx/read.ts';
import { createSession } from '../../../src/executors/onnx/session/session.ts';

/** Results of onnxruntime.quantization, made by scripts/goldens/quantization.py. */
interface Found {
  readonly values: Readonly<Record<string, readonly [scale: number, zero: number]>>;
  readonly weights: Readonly<
    Record<string, { readonly values: readonly number[]; readonly scales: readonly number[] }>
  >;
}

interface Fixture {
  readonly onnx: string;
  readonly images: string;
  readonly bits7: Found;
  readonly bits8: Found;
  readonly outputs7: string;
}

export const FIXTURE = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/quantization.json'), 'utf8'),
) as Fixture;

const SHAPE = [1, 3, 16, 16];

export function floats(text: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);
}

/** The fixture's graph, a new copy each time. */
export function smallGraph(): OnnxProto {
  return readOnnx(Buffer.from(FIXTURE.onnx, 'base64'), 'small.onnx').proto;
}

const IMAGES = floats(FIXTURE.images);
const SIZE = 3 * 16 * 16;

/** One of the fixture's images, 0–3. */
export const image = (place: number) => ({
  shape: SHAPE,
  data: IMAGES.subarray(place * SIZE, (place + 1) * SIZE),
});

/** The output of a graph for one of the images. */
export async function run(proto: OnnxProto, place = 0): Promise<Float32Array> {
  await using session = await createSession(toBinary(ModelProtoSchema, proto), { threads: 1 });
  return (await session.run({ x: image(place) }))['y']!.data as Float32Array;
}

/** Runs the fixture's images through a graph and returns the values with these names. */
function runImages(proto: OnnxProto, values: readonly string[]): RunImages {
  return async function* () {
    const file = readOnnx(toBinary(ModelProtoSchema, proto), 'small.onnx');
    await using session = await createSession(withMapOutputs(file, values), { threads: 1 });
    for (let place = 0; place < 4; place++) {
      const outputs = await session.run({ x: image(place) });
      yield new Map(
        values.map((name, index) => {
          const { shape, data } = outputs[mapOutput(index)]!;
          return [name, { shape, data: data as Float32Array }];
        }),
      );
    }
  };
}

/** A plan with all layers that 8 bits support, and the ranges of its values. */
export async function planAndRanges(proto: OnnxProto) {
  const view = viewGraph(proto);
  const able = findConvolutions(view).filter(({ isFirst }) => !isFirst);
  const plan = planQuantization(view, able, true);
  const settings = { method: 'min-max', percentile: 100 } as const;
  return { view, able, plan, ranges: await calibrate(runImages(proto, [...plan.values.keys()]), settings) };
}
