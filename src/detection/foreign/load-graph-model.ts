import { basename, extname } from 'node:path';
import { type Size, squareSize } from '../../boxes/formats.ts';
import { SIZE_STEP, sizedGraph } from '../../models/formats/onnx/sized-graph.ts';
import type { GraphModel } from '../../models/graph-model.ts';
import type { CustomDecoder } from '../decoders/decoder.ts';
import type { Evidence, GraphFacts } from '../families/family.ts';
import { familyOf, possibleFamilies } from './choose-family.ts';
import { classNamesOf, namesBeside, readNames } from './class-names-of.ts';
import { customClaimant } from './custom-family.ts';
import { type DescribedGraph, describeGraph } from './describe-graph.ts';
import type { Claimant } from './recognize.ts';

export interface GraphModelOptions {
  /** Family of the detector, if the file does not tell: see `FAMILIES`. */
  readonly as?: string | undefined;
  /** User-defined decoder of the outputs. If set, the family is not determined. */
  readonly decoder?: CustomDecoder | undefined;
  /** File of class names, one per line. @default the names in or beside the file */
  readonly names?: string | undefined;
  /** Input size in pixels: a side, or width and height. @default the graph's size, or the family's usual size */
  readonly size?: number | Size | undefined;
}

/** A recognized graph. */
export interface RecognizedGraph {
  readonly model: GraphModel;
  /** Name of the family for users. */
  readonly title: string;
  /** Evidence for the family. */
  readonly evidence: string;
  /** Notes for users. */
  readonly notes: readonly string[];
}

/** A possible interpretation of a graph. */
export interface GraphCandidate extends RecognizedGraph {
  readonly by: Evidence;
}

function sizeOf({ image }: GraphFacts, { claim, family }: Claimant): Size {
  if (image.isFixed) return { width: image.width, height: image.height };
  return squareSize(claim.size ?? family.size);
}

/** Returns the largest stride of a graph's grids in pixels: that in its metadata, or the usual one. */
function sizeStep({ metadata }: GraphFacts): number {
  const stated = Number(metadata['stride']);
  return Number.isInteger(stated) && stated > SIZE_STEP ? stated : SIZE_STEP;
}

/** Builds the model of a graph, given its family. */
async function modelOf(
  { path, file, facts, graph }: DescribedGraph,
  chosen: Claimant,
  names: readonly string[] | undefined,
  size: GraphModelOptions['size'],
): Promise<GraphCandidate> {
  const { family, claim } = chosen;
  const notes: string[] = [];
  const recognized: GraphModel = {
    kind: 'graph',
    name: basename(path, extname(path)),
    onnx: graph.onnx,
    input: { ...graph.input, ...sizeOf(facts, chosen) },
    decoder: { family: family.name, parameters: claim.parameters },
    classes: classNamesOf(chosen, facts, names, path, notes),
    recipe: { ...family.recipe, ...claim.recipe },
    provenance: {
      license: file.metadata['license'] ?? family.license,
      ...claim.provenance,
      source: basename(path),
    },
  };
  const { title } = family;
  const { evidence, by } = claim;
  return { title, evidence, by, notes, model: await sizedGraph(recognized, size, path, sizeStep(facts)) };
}

/**
 * Reads a third-party ONNX file, and determines its family.
 * @throws MicroYoloError `invalid-file` if it is damaged, `unsupported` if its family is unknown or ambiguous
 */
export async function loadGraphModel(
  path: string,
  { as, decoder, names: namesFile, size }: GraphModelOptions = {},
): Promise<RecognizedGraph> {
  const described = await describeGraph(path);
  const names = await readNames(namesFile);
  const chosen = decoder
    ? customClaimant(decoder, described.facts)
    : await familyOf(described, as, (names ?? namesBeside(described.facts))?.length);
  return modelOf(described, chosen, names, size);
}

/**
 * Returns all models that an ONNX file may contain, as far as the file itself tells.
 * @throws MicroYoloError as `loadGraphModel`, except for ambiguous families
 */
export async function candidateGraphModels(
  path: string,
  { as, names: namesFile, size }: Omit<GraphModelOptions, 'decoder'> = {},
): Promise<readonly GraphCandidate[]> {
  const described = await describeGraph(path);
  const names = await readNames(namesFile);
  const count = (names ?? namesBeside(described.facts))?.length;
  const families = await possibleFamilies(described, as, count);
  return Promise.all(families.map((family) => modelOf(described, family, names, size)));
}
