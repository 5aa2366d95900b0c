import { extname } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import type { RecognizedGraph } from '../../detection/foreign/load-graph-model.ts';
import { ModelProtoSchema } from '../../executors/onnx/onnx-proto.ts';
import { readOnnx } from '../../executors/onnx/read.ts';
import type { Provenance } from '../../models/model.ts';
import { EXPORT_ROWS } from '../models/export-formats.ts';
import type { QuantizedModel } from './quantize-layers.ts';

/** Provenance key that describes how a model was quantized. */
export const QUANTIZED_NOTE = 'quantized';
/** Metadata key of this library's own graphs. */
const OWN_KEY = 'micro-yolo';

/** Updates the provenance in the metadata of this library's own graphs. */
function withProvenance(onnx: Uint8Array, name: string, provenance: Provenance): Uint8Array {
  const { proto } = readOnnx(onnx, name);
  const own = proto.metadataProps.find(({ key }) => key === OWN_KEY);
  if (!own) return onnx;
  own.value = JSON.stringify({ ...JSON.parse(own.value), provenance });
  return toBinary(ModelProtoSchema, proto);
}

/**
 * Writes a quantized model as a model file, or as an ONNX file if its extension is .onnx.
 * @param graph the original model
 * @param split split that AP50 was measured on
 */
export async function writeQuantized(
  path: string,
  graph: RecognizedGraph,
  { model, how, AP50 }: QuantizedModel,
  split: string,
): Promise<void> {
  // The accuracy of the model in float does not apply to this one.
  const { accuracy: _, ...kept } = graph.model.provenance;
  const measured = AP50 && { accuracy: `AP50 ${AP50.quantized.toFixed(4)} (${split})` };
  const provenance = { ...kept, ...measured, [QUANTIZED_NOTE]: how };
  const onnx = withProvenance(model.onnx as Uint8Array, model.name, provenance);
  const format = extname(path).toLowerCase() === '.onnx' ? 'onnx' : 'safetensors';
  await EXPORT_ROWS[format].writeGraph!(path, { ...graph, model: { ...model, onnx, provenance } }, false);
}
