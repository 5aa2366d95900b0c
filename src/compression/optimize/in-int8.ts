import { toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '../../executors/onnx/onnx-proto.ts';
import { readOnnx } from '../../executors/onnx/read.ts';
import { findConvolutions } from '../quantize/convolutions.ts';
import { viewGraph } from '../quantize/graph.ts';
import { insertQuantization } from '../quantize/insert.ts';
import { planQuantization } from '../quantize/plan.ts';
import type { CalibratedValue } from '../quantize/ranges/calibrate.ts';

/** Range of every value. The time of 8-bit operations does not depend on it. */
const ANY: CalibratedValue = { range: [-1, 1], means: new Float64Array() };

/**
 * Converts all suitable convolutions of a graph, and the nodes between them, to 8 bits. The graph is only for timing,
 * and its results are meaningless.
 * @returns undefined if there is no such convolution
 */
export function inInt8(onnx: Uint8Array): Uint8Array | undefined {
  const { proto } = readOnnx(onnx, 'the graph');
  const view = viewGraph(proto);
  const able = findConvolutions(view).filter(({ isFirst, isLast }) => !isFirst && !isLast);
  if (able.length === 0) return undefined;
  const plan = planQuantization(view, able, true);
  const ranges = new Map([...plan.values.keys()].map((name) => [name, ANY]));
  return toBinary(
    ModelProtoSchema,
    insertQuantization(proto, plan, ranges, { bits: 8, biasCorrection: false }),
  );
}
