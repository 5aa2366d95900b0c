import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from './onnx-proto.ts';
import { readOnnx } from './read.ts';
import { openGraph } from './session/graph-session.ts';

/**
 * Applies those ONNX Runtime passes that are the same on every machine. They compute constants, fold norms into
 * convolutions, and remove nodes without effect. Input and output use standard operators.
 * @param name of the file, for messages
 * @throws MicroYoloError `invalid-file` or `unsupported` if ONNX Runtime cannot load it
 */
export async function basicGraph(model: Uint8Array, name: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'micro-yolo-graph-'));
  try {
    const optimized = join(folder, 'basic.onnx');
    await (await openGraph(model, name, { optimize: 'basic', optimized }))[Symbol.asyncDispose]();
    const { proto } = readOnnx(await readFile(optimized), name);
    // ONNX Runtime adds every operator set that it knows.
    const used = new Set(proto.graph.node.map(({ domain }) => domain));
    proto.opsetImport = proto.opsetImport.filter(({ domain }) => domain === '' || used.has(domain));
    proto.graph.valueInfo = [];
    return toBinary(ModelProtoSchema, proto);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
