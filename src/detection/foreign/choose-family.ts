import { openGraph } from '../../executors/onnx/graph-session.ts';
import { outputParts } from '../../executors/onnx/output-parts.ts';
import type { OnnxFile } from '../../executors/onnx/read.ts';
import type { DescribedGraph } from './describe-graph.ts';
import { plausible } from './probe.ts';
import { ambiguousFamily, askedFamily, type Claimant, claimants, unknownFamily } from './recognize.ts';

/** Whether an output holds scores, which end in sigmoids, beside values that do not. */
function joinsScores(file: OnnxFile): boolean {
  return file.outputs.some(({ name }) => {
    const parts = outputParts(file, name);
    return parts.has('Sigmoid') && parts.size > 1;
  });
}

/**
 * The families that a graph may be of: by the strongest evidence, and by a look at its outputs if several fit.
 * @param names how many the user gives, if any
 * @throws MicroYoloError `unsupported` if it is of none
 */
export async function possibleFamilies(
  { file, facts, graph }: DescribedGraph,
  names: number | undefined,
): Promise<readonly Claimant[]> {
  const candidates = claimants(facts, names);
  const [only] = candidates;
  if (!only) {
    // If the runtime cannot load it, that is the better reason.
    await using _ = await openGraph(graph.onnx, graph.name);
    throw unknownFamily(facts, graph.name);
  }
  if (candidates.length === 1 && (only.claim.by !== 'shapes' || joinsScores(file))) return candidates;
  const left = await plausible(candidates, graph);
  if (left.length === 0) throw ambiguousFamily(candidates, false, graph.name);
  return left;
}

/**
 * The family of a graph.
 * @param as the user's word for it
 * @param names how many the user gives, if any
 * @throws MicroYoloError `unsupported` if it may be of several, or of none
 */
export async function familyOf(
  described: DescribedGraph,
  as: string | undefined,
  names: number | undefined,
): Promise<Claimant> {
  const { facts, graph } = described;
  if (as !== undefined) return askedFamily(facts, as, graph.name, names);
  const [only, ...others] = await possibleFamilies(described, names);
  if (others.length === 0) return only!;
  throw ambiguousFamily([only!, ...others], true, graph.name);
}
