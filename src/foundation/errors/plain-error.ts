import { type ErrorCode, type ErrorDetails, MicroYoloError } from './errors.ts';

/** An error as a message to another thread or process holds it. */
export interface PlainError extends Pick<ErrorDetails, 'field' | 'expected' | 'path'> {
  readonly message: string;
  /** Of an error that the caller can fix; any other is a fault. */
  readonly code: ErrorCode | undefined;
  readonly stack: string | undefined;
}

/** @param otherwise the code of an error that is no MicroYoloError. @default none */
export function plainError(error: unknown, otherwise?: ErrorCode): PlainError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof MicroYoloError)) return { message, code: otherwise, stack };
  const { code, field, expected, path } = error;
  return { message, code, stack, field, expected, path };
}

/** The error that a message holds. */
export function errorOf({ message, code, stack, ...details }: PlainError): Error {
  if (code) return new MicroYoloError(code, message, details);
  return Object.assign(new Error(message), { stack });
}
