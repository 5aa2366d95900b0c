import { basename, extname } from 'node:path';
import { type Size, squareSize } from '../boxes/formats.ts';
import { COCO_CLASSES } from '../detection/coco-classes.ts';
import type { CustomDecoder } from '../detection/decoder.ts';
import { FAMILIES } from '../detection/families/families.ts';
import type { GraphFacts } from '../detection/families/family.ts';
import { MicroYoloError } from '../errors.ts';
import { readWholeFile } from '../files.ts';
import { defaultClassNames, parseClassNames } from '../model/class-names.ts';
import type { GraphInput, GraphModel } from '../model/graph-model.ts';
import { outputParts } from '../onnx/output-parts.ts';
import { type OnnxFile, readOnnx, withInputShape } from '../onnx/read.ts';
import { openGraph } from '../runtime/graph-session.ts';
import { filesBeside } from './beside.ts';
import { customClaimant } from './custom-family.ts';
import { checkExternalFiles } from './external-files.ts';
import { extraInputs } from './extra-inputs.ts';
import { imagePort } from './image-port.ts';
import { fillOutputShapes, plausible } from './probe.ts';
import { ambiguousFamily, askedFamily, type Claimant, claimants, unknownFamily } from './recognize.ts';

export interface GraphModelOptions {
  /** Family of the detector, if the file does not tell: see `FAMILIES`. */
  readonly as?: string | undefined;
  /** What reads its outputs, if the user wrote that: then nothing is recognized. */
  readonly decoder?: CustomDecoder | undefined;
  /** File of class names, one a line. @default those that come with the file */
  readonly names?: string | undefined;
  /** Input size in pixels: a side or width and height. @default the graph's, or what the family uses */
  readonly size?: number | Size | undefined;
}

/** A recognized graph. */
export interface RecognizedGraph {
  readonly model: GraphModel;
  /** As people call the family. */
  readonly title: string;
  /** What told so. */
  readonly evidence: string;
  /** What is worth saying about it. */
  readonly notes: readonly string[];
}

/** Types of outputs that nothing here reads. */
const NO_TENSORS: readonly string[] = ['sequence', 'map', 'optional', 'sparseTensor', 'string'];

/** Sizes that grids of all strides divide. */
const SIZE_STEP = 32;

function sizeOf({ image }: GraphFacts, { claim, family }: Claimant, asked: number | Size | undefined): Size {
  if (asked !== undefined) return squareSize(asked);
  if (image.isFixed) return { width: image.width, height: image.height };
  return squareSize(claim.size ?? family.size);
}

/** The file's bytes for another input size. */
function resized(file: OnnxFile, input: GraphInput): Uint8Array {
  const { layout, width, height } = input;
  const shape = {
    nchw: [undefined, undefined, height, width],
    nhwc: [undefined, height, width, undefined],
    chw: [undefined, height, width],
    hwc: [height, width, undefined],
  }[layout];
  return withInputShape(file, input.name, shape);
}

/** The family of a graph, by the strongest evidence, and by a look at its outputs if several fit. */
async function familyOf(
  facts: GraphFacts,
  file: OnnxFile,
  graph: Pick<GraphModel, 'onnx' | 'name' | 'input'>,
  as: string | undefined,
  names: number | undefined,
): Promise<Claimant> {
  const { name } = graph;
  if (as !== undefined) return askedFamily(facts, as, name, names);
  const candidates = claimants(facts, names);
  if (candidates.length === 0) {
    // If the runtime cannot load it, that is the better reason.
    await using _ = await openGraph(graph.onnx, name);
    throw unknownFamily(facts, name);
  }
  const [only] = candidates;
  const isSure = only!.claim.by !== 'shapes' || joinsScores(file);
  if (candidates.length === 1 && isSure) return only!;
  const left = await plausible(candidates, graph);
  if (left.length === 1) return left[0]!;
  throw ambiguousFamily(left.length > 0 ? left : candidates, left.length > 0, name);
}

/** Whether an output holds scores, which end in sigmoids, beside values that do not. */
function joinsScores(file: OnnxFile): boolean {
  return file.outputs.some(({ name }) => {
    const parts = outputParts(file, name);
    return parts.has('Sigmoid') && parts.size > 1;
  });
}

/** The names of a file that the user gives: a line each. */
async function readNames(file: string | undefined): Promise<readonly string[] | undefined> {
  if (file === undefined) return undefined;
  const text = (await readWholeFile(file, 'a file of class names')).toString('utf8');
  return parseClassNames(text, text.trimEnd().split('\n').length, file);
}

/**
 * The classes of a graph by name: those given, those that come with it, or COCO's if it has as many.
 * @throws MicroYoloError `invalid-file` if there are more or fewer names than classes
 */
function classNames(
  { claim }: Claimant,
  { metadata }: GraphFacts,
  given: readonly string[] | undefined,
  path: string,
  notes: string[],
): readonly string[] {
  const { classCount, classes: own } = claim;
  const names = given ?? own;
  if (names !== undefined) {
    if (classCount === undefined || names.length === classCount) return names;
    throw new MicroYoloError(
      'invalid-file',
      `${path}: ${names.length} class names, but its outputs have room for ${classCount}; pass a file with ${classCount} names`,
    );
  }
  const unread = metadata['names'];
  if (unread !== undefined && own === undefined) {
    notes.push(`names in its metadata cannot be read: ${JSON.stringify(unread.slice(0, 60))}`);
  }
  if (classCount === undefined || classCount === COCO_CLASSES.length) {
    notes.push(
      'no class names come with the file: its classes are taken for the 80 of COCO; pass a file of names if they are others',
    );
    return COCO_CLASSES;
  }
  notes.push(
    `no class names come with the file: its ${classCount} classes are called class 0, class 1 …; pass a file of names`,
  );
  return defaultClassNames(classCount);
}

/**
 * Reads an ONNX file that others made, and finds out what it is.
 * @throws MicroYoloError `invalid-file` if it is damaged, `unsupported` if its family is unknown or ambiguous
 */
export async function loadGraphModel(
  path: string,
  options: GraphModelOptions = {},
): Promise<RecognizedGraph> {
  const bytes = await readWholeFile(path, 'an ONNX model');
  const name = path;
  const file = readOnnx(bytes, name);
  await checkExternalFiles(path, file.externalFiles);
  const model = file.externalFiles.length > 0 ? path : bytes;
  const odd = file.outputs.find(({ type }) => NO_TENSORS.includes(type));
  if (odd) {
    throw new MicroYoloError(
      'unsupported',
      `${name}: its output ${odd.name} is a ${odd.type}, expected tensors`,
    );
  }
  const inputs = file.inputs.map((port) => ({ ...port, declared: port.shape }));
  const image = imagePort(inputs, name);
  const extras = extraInputs(inputs, image.name, name);
  const declared: GraphFacts = {
    inputs,
    outputs: file.outputs.map((port) => ({ ...port, declared: port.shape })),
    metadata: file.metadata,
    files: await filesBeside(path),
    producer: file.producer,
    operators: file.operators,
    image,
  };
  const { width, height, isFixed } = image;
  const graph = { onnx: model, name, input: { ...image, extras } };
  const facts = await fillOutputShapes(declared, graph, FAMILIES[0]!.recipe);
  const names = await readNames(options.names);
  const chosen = options.decoder
    ? customClaimant(options.decoder, facts)
    : await familyOf(facts, file, graph, options.as, names?.length);
  const { family, claim } = chosen;
  const notes: string[] = [];
  const classes = classNames(chosen, facts, names, path, notes);
  const size = sizeOf(facts, chosen, options.size);
  const input: GraphInput = {
    name: image.name,
    type: image.type,
    layout: image.layout,
    batch: image.batch,
    ...size,
    extras,
  };
  const isResized = isFixed && (size.width !== width || size.height !== height);
  if (isResized && typeof model === 'string') {
    throw new MicroYoloError(
      'unsupported',
      `size ${size.width}×${size.height}: ${path} has files of tensors beside it and a fixed size of ${width}×${height}; leave size out`,
    );
  }
  if (isResized && (size.width % SIZE_STEP !== 0 || size.height % SIZE_STEP !== 0)) {
    throw new MicroYoloError(
      'invalid-argument',
      `size ${size.width}×${size.height}: expected multiples of ${SIZE_STEP}`,
    );
  }
  return {
    title: family.title,
    evidence: claim.evidence,
    notes,
    model: {
      kind: 'graph',
      name: basename(path, extname(path)),
      onnx: isResized ? resized(file, input) : model,
      input,
      decoder: { family: family.name, parameters: claim.parameters },
      classes,
      recipe: { ...family.recipe, ...claim.recipe },
      provenance: { source: basename(path), license: file.metadata['license'] ?? family.license },
    },
  };
}
