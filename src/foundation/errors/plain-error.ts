import { type ErrorCode, type ErrorDetails, MicroYoloError } from './errors.ts';

/** An error as plain data, for messages between threads or processes. */
export interface PlainError extends Pick<ErrorDetails, 'field' | 'expected' | 'path'> {
  readonly message: string;
  /** Code of a MicroYoloError. Undefined for other errors, which are bugs. */
  readonly code: ErrorCode | undefined;
  readonly stack: string | undefined;
}

/** @param otherwise code for errors that are not a MicroYoloError. @default none */
export function plainError(error: unknown, otherwise?: ErrorCode): PlainError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  if (!(error instanceof MicroYoloError)) return { message, code: otherwise, stack };
  const { code, field, expected, path } = error;
  return { message, code, stack, field, expected, path };
}

/** Restores an error from plain data. */
export function errorOf({ message, code, stack, ...details }: PlainError): Error {
  if (code) return new MicroYoloError(code, message, details);
  return Object.assign(new Error(message), { stack });
}
