import { basename, extname } from 'node:path';
import { type Size, squareSize } from '../boxes/formats.ts';
import { COCO_CLASSES } from '../detection/coco-classes.ts';
import { FAMILIES } from '../detection/families/families.ts';
import type { GraphFacts } from '../detection/families/family.ts';
import { MicroYoloError } from '../errors.ts';
import { readWholeFile } from '../files.ts';
import { defaultClassNames, parseClassNames } from '../model/class-names.ts';
import type { GraphInput, GraphModel } from '../model/graph-model.ts';
import { readOnnx } from '../onnx/read.ts';
import { filesBeside } from './beside.ts';
import { checkExternalFiles } from './external-files.ts';
import { extraInputs } from './extra-inputs.ts';
import { imagePort } from './image-port.ts';
import { fillOutputShapes, plausible } from './probe.ts';
import { ambiguousFamily, askedFamily, type Claimant, claimants, unknownFamily } from './recognize.ts';
import { sizedGraph } from './sized-graph.ts';

export interface GraphModelOptions {
  /** Family of the detector, if the file does not tell: see `FAMILIES`. */
  readonly as?: string | undefined;
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

function sizeOf({ image }: GraphFacts, { claim, family }: Claimant): Size {
  if (image.isFixed) return { width: image.width, height: image.height };
  return squareSize(claim.size ?? family.size);
}

/** The family of a graph, by the strongest evidence, and by a look at its outputs if several fit. */
async function familyOf(
  facts: GraphFacts,
  graph: Pick<GraphModel, 'onnx' | 'name' | 'input'>,
  as: string | undefined,
  names: number | undefined,
): Promise<Claimant> {
  const { name } = graph;
  if (as !== undefined) return askedFamily(facts, as, name, names);
  const candidates = claimants(facts, names);
  if (candidates.length === 0) throw unknownFamily(facts, name);
  if (candidates.length === 1) return candidates[0]!;
  const left = await plausible(candidates, graph);
  if (left.length === 1) return left[0]!;
  throw ambiguousFamily(left.length > 0 ? left : candidates, name);
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
  const graph = { onnx: model, name, input: { ...image, extras } };
  const facts = await fillOutputShapes(declared, graph, FAMILIES[0]!.recipe);
  const names = await readNames(options.names);
  const chosen = await familyOf(facts, graph, options.as, names?.length);
  const { family, claim } = chosen;
  const notes: string[] = [];
  const classes = classNames(chosen, names, path, notes);
  const input: GraphInput = {
    name: image.name,
    type: image.type,
    layout: image.layout,
    batch: image.batch,
    ...sizeOf(facts, chosen),
    extras,
  };
  const recognized: GraphModel = {
    kind: 'graph',
    name: basename(path, extname(path)),
    onnx: model,
    input,
    decoder: { family: family.name, parameters: claim.parameters },
    classes,
    recipe: { ...family.recipe, ...claim.recipe },
    provenance: {
      license: file.metadata['license'] ?? family.license,
      ...claim.provenance,
      source: basename(path),
    },
  };
  return {
    title: family.title,
    evidence: claim.evidence,
    notes,
    model: await sizedGraph(recognized, options.size, path),
  };
}
