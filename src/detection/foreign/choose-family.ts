import { outputParts } from '../../executors/onnx/outputs/output-parts.ts';
import type { OnnxFile } from '../../executors/onnx/read.ts';
import { openGraph } from '../../executors/onnx/session/graph-session.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option } from '../../foundation/errors/named-options.ts';
import type { DescribedGraph } from './describe-graph.ts';
import { plausible } from './probe.ts';
import { ambiguousFamily, askedFamily, type Claimant, claimants, unknownFamily } from './recognize.ts';

/** Whether an output concatenates scores, which end in sigmoids, and other values. */
function joinsScores(file: OnnxFile): boolean {
  return file.outputs.some(({ name }) => {
    const parts = outputParts(file, name);
    return parts.has('Sigmoid') && parts.size > 1;
  });
}

/** Returns a family's claim, once for each number of classes that the shapes allow. */
function counted({ facts }: DescribedGraph, candidate: Claimant): readonly Claimant[] {
  const { family, claim } = candidate;
  const { classCounts: counts = [] } = claim;
  if (counts.length < 2) return [candidate];
  return counts.map((names) => ({ family, claim: family.claim(facts, { isAsked: true, names })! }));
}

/** Returns the family that the user names, with the number of classes that fits the values on test images. */
async function askedOf(described: DescribedGraph, as: string, names: number | undefined): Promise<Claimant> {
  const { facts, graph } = described;
  const asked = askedFamily(facts, as, graph.name, names);
  const counts = counted(described, asked);
  if (counts.length === 1) return asked;
  const [first] = await plausible(counts, graph);
  if (first) return first;
  const list = counts.map(({ claim }) => claim.classCount).join(' or ');
  throw new MicroYoloError(
    'unsupported',
    `${graph.name}: ${asked.family.title} of ${list} classes, and its values on test images do not decide; pass a file of class names with ${option('names')}`,
  );
}

/**
 * Returns the possible families of a graph: those with the strongest evidence. If several remain, values on test images
 * decide.
 * @param as family that the user names
 * @param names number of class names, if known
 * @throws MicroYoloError `unsupported` if there are none
 */
export async function possibleFamilies(
  described: DescribedGraph,
  as: string | undefined,
  names: number | undefined,
): Promise<readonly Claimant[]> {
  if (as !== undefined) return [await askedOf(described, as, names)];
  const { file, facts, graph } = described;
  const found = claimants(facts, names);
  const [only] = found;
  if (!only) {
    // If the runtime cannot load the graph, its error is more helpful.
    await using _ = await openGraph(graph.onnx, graph.name);
    throw unknownFamily(facts, graph.name);
  }
  const candidates = found.flatMap((candidate) => counted(described, candidate));
  if (candidates.length === 1 && (only.claim.by !== 'shapes' || joinsScores(file))) return candidates;
  const left = await plausible(candidates, graph);
  if (left.length === 0) throw ambiguousFamily(found, false, graph.name);
  // For each family, the most usual number of classes that fits.
  const families = new Set(left.map(({ family }) => family));
  return [...families].map((family) => left.find((candidate) => candidate.family === family)!);
}

/**
 * Returns the family of a graph.
 * @param as family that the user names
 * @param names number of class names, if known
 * @throws MicroYoloError `unsupported` if there are several, or none
 */
export async function familyOf(
  described: DescribedGraph,
  as: string | undefined,
  names: number | undefined,
): Promise<Claimant> {
  const [only, ...others] = await possibleFamilies(described, as, names);
  if (others.length === 0) return only!;
  throw ambiguousFamily([only!, ...others], true, described.graph.name);
}
