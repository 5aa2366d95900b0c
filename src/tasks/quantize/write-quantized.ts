import { extname } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import type { RecognizedGraph } from '../../detection/foreign/load-graph-model.ts';
import { ModelProtoSchema } from '../../executors/onnx/onnx-proto.ts';
import { readOnnx } from '../../executors/onnx/read.ts';
import type { Provenance } from '../../models/model.ts';
import { EXPORT_ROWS } from '../models/export-formats.ts';
import type { QuantizedModel } from './quantize-layers.ts';

/** Where a model says how it was quantized. */
export const QUANTIZED_NOTE = 'quantized';
/** What our own graphs say of themselves. */
const OWN_KEY = 'micro-yolo';

/** A graph of this library says in its metadata too where it comes from. */
function withProvenance(onnx: Uint8Array, name: string, provenance: Provenance): Uint8Array {
  const { proto } = readOnnx(onnx, name);
  const own = proto.metadataProps.find(({ key }) => key === OWN_KEY);
  if (!own) return onnx;
  own.value = JSON.stringify({ ...JSON.parse(own.value), provenance });
  return toBinary(ModelProtoSchema, proto);
}

/**
 * Writes a quantized model as a model file, or as an ONNX file if its name says so.
 * @param graph that it was made of
 * @param split that AP50 was measured on
 */
export async function writeQuantized(
  path: string,
  graph: RecognizedGraph,
  { model, how, AP50 }: QuantizedModel,
  split: string,
): Promise<void> {
  // What was measured of the model in float is not true of this one.
  const { accuracy: _, ...kept } = graph.model.provenance;
  const measured = AP50 && { accuracy: `AP50 ${AP50.quantized.toFixed(4)} (${split})` };
  const provenance = { ...kept, ...measured, [QUANTIZED_NOTE]: how };
  const onnx = withProvenance(model.onnx as Uint8Array, model.name, provenance);
  const format = extname(path).toLowerCase() === '.onnx' ? 'onnx' : 'safetensors';
  await EXPORT_ROWS[format].writeGraph!(path, { ...graph, model: { ...model, onnx, provenance } }, false);
}
