import { open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import {
  TensorProto_DataLocation as DataLocation,
  ModelProtoSchema,
  type TensorProto,
} from '../../../executors/onnx/onnx-proto.ts';
import { readOnnx, tensorsOf } from '../../../executors/onnx/read.ts';
import { MicroYoloError } from '../../../foundation/errors/errors.ts';
import { unreadable } from '../../../foundation/files/read.ts';
import { checkExternalFiles } from './external-files.ts';
import { onnxBytes } from './sized-graph.ts';

/** Maximum size of a protobuf message. */
const MAX_BYTES = 2 ** 31 - 1;

/** Returns where a tensor's bytes are in an external file. */
function placeOf({ externalData }: TensorProto) {
  const values = new Map(externalData.map(({ key, value }) => [key, value]));
  const number = (key: string) => {
    const text = values.get(key);
    return text === undefined ? undefined : Number(text);
  };
  return { file: values.get('location') ?? '', offset: number('offset') ?? 0, length: number('length') };
}

async function readPlace(path: string, { file, offset, length }: ReturnType<typeof placeOf>) {
  const fail = (problem: string): never => {
    throw new MicroYoloError('invalid-file', `${path}: ${problem}; export it again`, { path });
  };
  // The check has ensured that a link's target is inside the folder. The target is read.
  const source = await realpath(join(dirname(path), file)).catch(async (error: unknown) => {
    throw await unreadable(join(dirname(path), file), `tensors of ${path}`, error);
  });
  await using handle = await open(source);
  const { size } = await handle.stat();
  const bytes = length ?? size - offset;
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(bytes) || offset < 0 || bytes < 0) {
    return fail(`a tensor at ${offset} of ${file}, expected whole numbers`);
  }
  if (offset + bytes > size)
    return fail(`a tensor ends at ${offset + bytes} of ${file}, which has ${size} bytes`);
  if (bytes > MAX_BYTES) return fail(`a tensor of ${bytes} bytes, expected at most ${MAX_BYTES}`);
  const data = new Uint8Array(bytes);
  await handle.read(data, 0, bytes, offset);
  return data;
}

/**
 * Returns a model's ONNX file with all tensors inside. External tensor files are read into it.
 * @param model its bytes, or its path if it has external tensor files
 * @throws MicroYoloError if such a file is missing, outside the folder, or too short
 */
export async function withTensorsInside(model: Uint8Array | string): Promise<Uint8Array> {
  const bytes = await onnxBytes({ onnx: model });
  if (typeof model !== 'string') return bytes;
  const { proto, externalFiles } = readOnnx(bytes, model);
  await checkExternalFiles(model, externalFiles);
  let whole = bytes.byteLength;
  for (const tensor of tensorsOf(proto.graph)) {
    if (tensor.dataLocation !== DataLocation.EXTERNAL) continue;
    tensor.rawData = await readPlace(model, placeOf(tensor));
    tensor.dataLocation = DataLocation.DEFAULT;
    tensor.externalData = [];
    whole += tensor.rawData.byteLength;
    if (whole > MAX_BYTES) {
      throw new MicroYoloError(
        'unsupported',
        `${model}: more than ${MAX_BYTES} bytes with its tensors, too many for one ONNX file; use it without importing`,
      );
    }
  }
  return toBinary(ModelProtoSchema, proto);
}
