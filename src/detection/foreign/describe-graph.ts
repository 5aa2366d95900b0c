import { shortNames } from '../../executors/onnx/port-names.ts';
import { type OnnxFile, readOnnx } from '../../executors/onnx/read.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { readWholeFile } from '../../foundation/files/read.ts';
import { filesBeside } from '../../models/formats/onnx/beside.ts';
import { checkExternalFiles } from '../../models/formats/onnx/external-files.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import { FAMILIES } from '../families/families.ts';
import type { GraphFacts } from '../families/family.ts';
import { extraInputs } from './extra-inputs.ts';
import { imagePort } from './image-port.ts';
import { fillOutputShapes } from './probe.ts';

/** Output types that cannot be read. */
const NO_TENSORS: readonly string[] = ['sequence', 'map', 'optional', 'sparseTensor', 'string'];

/** An ONNX file with the facts about it. */
export interface DescribedGraph {
  readonly path: string;
  readonly file: OnnxFile;
  readonly facts: GraphFacts;
  readonly graph: Pick<GraphModel, 'onnx' | 'name' | 'input'>;
}

/**
 * Reads a third-party ONNX file, before its family is determined.
 * @throws MicroYoloError `invalid-file` if it is damaged, `unsupported` if it has no image input or returns no tensors
 */
export async function describeGraph(path: string): Promise<DescribedGraph> {
  const bytes = await readWholeFile(path, 'an ONNX model');
  const file = readOnnx(bytes, path);
  await checkExternalFiles(path, file.externalFiles);
  const odd = file.outputs.find(({ type }) => NO_TENSORS.includes(type));
  if (odd) {
    throw new MicroYoloError(
      'unsupported',
      `${path}: its output ${odd.name} is a ${odd.type}, expected tensors`,
    );
  }
  const inputs = file.inputs.map((port) => ({ ...port, declared: port.shape }));
  const image = imagePort(inputs, path);
  const { name, type, layout, batch, width, height } = image;
  const extras = extraInputs(inputs, name, path);
  const short = shortNames(file.outputs.map((port) => port.name));
  const declared: GraphFacts = {
    inputs,
    outputs: file.outputs.map((port) => ({ ...port, name: short.get(port.name)!, declared: port.shape })),
    metadata: file.metadata,
    files: await filesBeside(path),
    producer: file.producer,
    operators: file.operators,
    image,
  };
  const graph = {
    onnx: file.externalFiles.length > 0 ? path : bytes,
    name: path,
    input: { name, type, layout, batch, width, height, extras },
  };
  return { path, file, graph, facts: await fillOutputShapes(declared, graph, FAMILIES[0]!.recipe) };
}
