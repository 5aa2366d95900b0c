import { expect } from 'vitest';
import { MicroYoloError } from '../src/foundation/errors/errors.ts';

/** The MicroYoloError that a promise must reject with. */
export async function microYoloError(attempt: Promise<unknown>): Promise<MicroYoloError> {
  const error = await attempt.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(MicroYoloError);
  return error as MicroYoloError;
}
