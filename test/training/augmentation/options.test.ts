import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  AUGMENTATION_DEFAULTS,
  augmentationSchema,
  NO_AUGMENTATION,
} from '../../../src/training/augmentation/options.ts';

interface Field {
  readonly description: string;
  readonly default: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly number[];
  readonly prefixItems?: readonly Field[];
}

const fields = z.toJSONSchema(augmentationSchema, { io: 'input' }).properties as unknown as Record<
  string,
  Field
>;

/** A row of the guide's table. */
function row(name: string, field: Field): string {
  const { minimum, maximum } = field.prefixItems?.[0] ?? field;
  const range = field.enum?.join(' or ') ?? `${minimum}–${maximum}`;
  return `| \`${name}\` | ${[field.default].flat().join('–')} | ${range} | ${field.description} |`;
}

describe('AugmentationOptions', () => {
  test('every field has a sentence, a range and a default', () => {
    for (const [name, field] of Object.entries(fields)) {
      expect(field.description, name).toMatch(/^[A-Z].*\.$/);
      expect(row(name, field)).not.toMatch(/undefined/);
    }
  });

  test('the guide’s table matches the schema', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../docs/augmentation.md'), 'utf8');
    const rows = guide.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(Object.entries(fields).map(([name, field]) => row(name, field)));
  });

  test('an empty section means the defaults, and both sets of options are valid', () => {
    expect(augmentationSchema.parse({})).toEqual(AUGMENTATION_DEFAULTS);
    expect(augmentationSchema.parse(NO_AUGMENTATION)).toEqual(NO_AUGMENTATION);
  });

  test.each([
    { mosaik: 1 },
    { mosaic: 1.1 },
    { mosaicTiles: 5 },
    { scale: [1.5, 0.5] },
    { scale: [0, 1] },
    { copies: 0.5 },
    { hue: Number.NaN },
  ])('%o is refused', (section) => {
    expect(augmentationSchema.safeParse(section).success).toBe(false);
  });
});
