import { checkChoice } from '../check-range.ts';
import { FAMILIES, familyNamed } from '../detection/families/families.ts';
import { type Claim, EVIDENCE, type Family, type GraphFacts } from '../detection/families/family.ts';
import { MicroYoloError } from '../errors.ts';

/** A family that says a graph is its own, with its word. */
export interface Claimant {
  readonly family: Family;
  readonly claim: Claim<unknown>;
}

/** Ports as messages show them: `output float [1, 84, 8400]`. */
export function describePorts(ports: GraphFacts['outputs']): string {
  return ports
    .map(({ name, type, shape }) => `${name} ${type} [${shape.map((size) => size ?? '?').join(', ')}]`)
    .join(', ');
}

/** The families with the strongest evidence that a graph is theirs. */
export function claimants(facts: GraphFacts, names: number | undefined): readonly Claimant[] {
  const all = FAMILIES.flatMap((family): Claimant[] => {
    const claim = family.claim(facts, { isAsked: false, names });
    return claim ? [{ family, claim }] : [];
  });
  const strongest = Math.min(...all.map(({ claim }) => EVIDENCE.indexOf(claim.by)));
  return all.filter(({ claim }) => EVIDENCE.indexOf(claim.by) === strongest);
}

/**
 * The family that the user names.
 * @throws MicroYoloError `invalid-argument` for an unknown family, or one that the graph cannot be of
 */
export function askedFamily(
  facts: GraphFacts,
  as: string,
  name: string,
  names: number | undefined,
): Claimant {
  checkChoice(
    'as',
    as,
    FAMILIES.map((family) => family.name),
  );
  const family = familyNamed(as)!;
  const claim = family.claim(facts, { isAsked: true, names });
  if (claim) return { family, claim };
  throw new MicroYoloError(
    'invalid-argument',
    `as ${as}: ${name} cannot be ${family.title}; its outputs are ${describePorts(facts.outputs)}`,
  );
}

/** @returns the error for a graph that is of no family known */
export function unknownFamily(facts: GraphFacts, name: string): MicroYoloError {
  return new MicroYoloError(
    'unsupported',
    `${name}: a detector of no family that is known; its outputs are ${describePorts(facts.outputs)}; write a decoder (docs/foreign-detectors.md)`,
  );
}

/** @returns the error for a graph that may be of several families */
export function ambiguousFamily(candidates: readonly Claimant[], name: string): MicroYoloError {
  const commands = candidates.map(({ family }) => `--as ${family.name}`).join(' or ');
  return new MicroYoloError(
    'unsupported',
    `${name}: may be ${candidates.map(({ family }) => family.title).join(' or ')}; say which: ${commands}`,
  );
}
