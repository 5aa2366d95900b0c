import { checkChoice } from '../../foundation/errors/check-range.ts';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { option, optionValues } from '../../foundation/errors/named-options.ts';
import { shapeText } from '../decoders/ports.ts';
import { FAMILIES, familyNamed } from '../families/families.ts';
import { type Claim, EVIDENCE, type Family, type GraphFacts } from '../families/family.ts';
import { otherTask } from './other-task.ts';

/** A family that claims a graph, with its claim. */
export interface Claimant {
  readonly family: Family;
  readonly claim: Claim<unknown>;
}

/** Maximum number of ports in a message. */
const MOST_PORTS = 12;

/** Formats ports for messages: `output float [1, 84, 8400]`. */
export function describePorts(ports: GraphFacts['outputs']): string {
  return ports
    .slice(0, MOST_PORTS)
    .map(({ name, type, shape }) => `${name.slice(0, 60)} ${type} ${shapeText(shape)}`)
    .concat(ports.length > MOST_PORTS ? [`and ${ports.length - MOST_PORTS} more`] : [])
    .join(', ');
}

/** Returns the families that claim a graph with the strongest evidence. */
export function claimants(facts: GraphFacts, names: number | undefined): readonly Claimant[] {
  const task = facts.metadata['task'];
  if (task !== undefined && task !== 'detect') return [];
  const all = FAMILIES.flatMap((family): Claimant[] => {
    const claim = family.claim(facts, { isAsked: false, names });
    return claim ? [{ family, claim }] : [];
  });
  // The number of names decides between families that count classes differently.
  const fitting = all.filter(({ claim: { classCount } }) => names === undefined || classCount === names);
  if (fitting.length > 0) all.splice(0, all.length, ...fitting);
  const strongest = Math.min(...all.map(({ claim }) => EVIDENCE.indexOf(claim.by)));
  return all.filter(({ claim }) => EVIDENCE.indexOf(claim.by) === strongest);
}

/**
 * Returns the family that the user names.
 * @throws MicroYoloError `invalid-argument` for an unknown family, or one that does not fit the graph
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
    { field: 'as', received: as },
  );
}

/** @returns the error for a graph of an unknown family */
export function unknownFamily(facts: GraphFacts, name: string): MicroYoloError {
  const other = otherTask(facts);
  return new MicroYoloError(
    'unsupported',
    other === undefined
      ? `${name}: a detector of an unknown family; its outputs are ${describePorts(facts.outputs)}; write a decoder (docs/foreign-detectors.md)`
      : `${name}: is ${other}; expected a detector`,
  );
}

/**
 * @param fits whether the outputs' values fit any of the families
 * @returns the error for a graph that may be of several families
 */
export function ambiguousFamily(
  candidates: readonly Claimant[],
  fits: boolean,
  name: string,
): MicroYoloError {
  const titles = candidates.map(({ family }) => family.title).join(' or ');
  const commands = candidates.map(({ family }) => optionValues({ as: family.name })).join(' or ');
  return new MicroYoloError(
    'unsupported',
    fits
      ? `${name}: may be ${titles}; choose with ${commands}, or let a labeled photo decide with ${option('calibrate')} and ${option('truth')}`
      : `${name}: has the shape of ${titles}, but its values on test images do not fit; to use it anyway: ${commands}`,
  );
}
