import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';
import { type BackboneName, backboneNames, type Family, families } from './families.ts';
import { withOutputStride } from './output-stride.ts';
import type { Backbone } from './stages.ts';

/** Options that every family accepts besides its own. */
const shared = z.object({
  /** Framework whose norm settings and stride-2 padding are used. Weights from that framework need it. */
  conventions: z.enum(['pytorch', 'keras']).default('pytorch'),
  /**
   * Side of the image divided by the side of the last feature map. Values below 32 suit small images, such as CIFAR's.
   */
  outputStride: z.literal([4, 8, 16, 32]).default(32),
});

const KERAS = { padding: 'end', norm: { epsilon: 1e-3, momentum: 0.01 } } as const;

export function isBackboneName(name: string): name is BackboneName {
  return Object.hasOwn(families, name);
}

/** `0.5` sets the first option, `groups=8` sets the named one. */
function parseOptions(backbone: string, family: Family, text: string): Readonly<Record<string, unknown>> {
  const [first] = Object.keys(family.options.shape);
  const value = (part: string) => (part !== '' && Number.isFinite(Number(part)) ? Number(part) : part);
  return Object.fromEntries(
    text.split(',').map((part): [string, unknown] => {
      const equals = part.indexOf('=');
      if (equals < 0 && first === undefined) {
        const known = Object.keys(shared.shape).join(', ');
        throw new MicroYoloError(
          'invalid-argument',
          `backbone ${JSON.stringify(backbone)}: option ${JSON.stringify(part)}: has no name, expected NAME=VALUE with one of ${known}`,
          { field: 'backbone', received: backbone },
        );
      }
      return equals < 0 ? [first!, value(part)] : [part.slice(0, equals), value(part.slice(equals + 1))];
    }),
  );
}

function describe(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>, family: Family): string {
  const known = [...Object.keys(family.options.shape), ...Object.keys(shared.shape)].join(', ');
  if (issue.code === 'unrecognized_keys') return `no option ${issue.keys.join(', ')}; expected ${known}`;
  const option = String(issue.path[0]);
  const message = `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
  return `option ${option}=${String(given[option])}: ${message}`;
}

/**
 * Builds a backbone from its name and options, such as `mobilenet-v2`, `mobilenet-v2:0.5` or
 * `shufflenet-v1:width=0.5,groups=8`.
 * @throws MicroYoloError `invalid-argument` for an unknown name or option
 */
export function namedBackbone(text: string): Backbone {
  const [name = '', options] = text.split(/:(.*)/s);
  if (!isBackboneName(name)) {
    throw new MicroYoloError(
      'invalid-argument',
      `backbone ${JSON.stringify(name)}: expected one of ${backboneNames.join(', ')}`,
      { field: 'backbone', received: name },
    );
  }
  const family: Family = families[name];
  const given = options === undefined ? {} : parseOptions(text, family, options);
  try {
    const { conventions, outputStride } = shared.parse(given);
    const own = Object.entries(given).filter(([option]) => !Object.hasOwn(shared.shape, option));
    const { stages, ...rest } = family.build(Object.fromEntries(own));
    return {
      ...rest,
      stages: withOutputStride(stages, outputStride),
      ...(conventions === 'keras' ? { conventions: KERAS } : {}),
    };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problem = describe(error.issues[0]!, given, family);
    throw new MicroYoloError('invalid-argument', `backbone ${JSON.stringify(text)}: ${problem}`, {
      field: 'backbone',
      received: text,
    });
  }
}
