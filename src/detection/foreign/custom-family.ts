import * as z from 'zod';
import type { CustomDecoder } from '../decoders/decoder.ts';
import type { GraphFacts } from '../families/family.ts';
import { metadataNames } from '../families/metadata.ts';
import type { Claimant } from './recognize.ts';

/** Side of the input in pixels, if a graph accepts any size. Most families use it. */
const USUAL_SIDE = 640;

/** Wraps a user-defined decoder as a family. */
export function customClaimant(decoder: CustomDecoder, facts: GraphFacts): Claimant {
  const { name, classes = metadataNames(facts) } = decoder;
  const evidence = 'your decoder';
  const claim = { by: 'metadata', evidence, parameters: {}, classCount: undefined, classes } as const;
  return {
    claim,
    family: {
      ...decoder,
      title: name,
      license: 'unknown',
      size: USUAL_SIDE,
      parameters: z.strictObject({}),
      claim: () => claim,
      decode: (outputs, _, view, add) => decoder.decode(outputs, view, add),
    },
  };
}
