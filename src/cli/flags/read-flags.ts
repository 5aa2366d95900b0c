import * as z from 'zod';
import { MicroYoloError } from '../../foundation/errors/errors.ts';

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Schema for a decimal number in a range. */
export function numberFlag(least: number, most: number, kind = 'a number') {
  const expected = `expected ${kind} from ${least} to ${most}`;
  const written = z.string().regex(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, expected);
  return written.transform(Number).pipe(z.number().min(least, expected).max(most, expected));
}

export function integerFlag(least: number, most: number) {
  const kind = 'a whole number';
  return numberFlag(least, most, kind).pipe(z.number().int(`expected ${kind} from ${least} to ${most}`));
}

const sideFlag = integerFlag(32, 8192);

/** `416` or `640x384` (width × height). */
export const sizeFlag = z
  .string()
  .regex(/^\d+(x\d+)?$/i, 'expected a side such as 416, or width and height such as 640x384')
  .transform((text, context) => {
    const [width, height = width] = text.toLowerCase().split('x');
    const parsed = z.object({ width: sideFlag, height: sideFlag }).safeParse({ width, height });
    if (parsed.success) return parsed.data;
    context.addIssue({ code: 'custom', message: 'expected sides from 32 to 8192' });
    return z.NEVER;
  });

/** Schema for names separated by commas, such as `person,car`; at least one. */
export const listFlag = z.string().transform((text, context) => {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) context.addIssue({ code: 'custom', message: 'expected names separated by commas' });
  return names;
});

/** Values of a repeated flag. Not split at commas here, because class names may contain commas. */
export const textsFlag = z.array(z.string().regex(/\S/, 'expected a name'));

/**
 * Checks a command's flags.
 * @throws MicroYoloError `invalid-argument` with the flag, its value and the expectation
 */
export function parseFlags<T>(schema: z.ZodType<T>, raw: Record<string, unknown>): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const name = String(issue.path[0] ?? '');
  throw new MicroYoloError(
    'invalid-argument',
    `--${kebab(name)} ${JSON.stringify(raw[name])}: ${issue.message}`,
    { field: name, received: raw[name] },
  );
}
