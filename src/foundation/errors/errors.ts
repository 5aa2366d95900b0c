/** Codes of errors, for programs. The message is for people. */
export type ErrorCode =
  /** An option or its value is not valid here. */
  | 'invalid-argument'
  /** A file, a folder or an address does not exist. */
  | 'not-found'
  /** A file is damaged, or not of the expected kind. */
  | 'invalid-file'
  /** A server does not answer or is busy. Trying again later may help. */
  | 'unreachable'
  /** The layers of a network do not fit each other. */
  | 'invalid-network'
  /** The request is valid, but this model, machine or run cannot do it. */
  | 'unsupported'
  /** A file or folder cannot be written. */
  | 'not-writable'
  /** The loss of a training is NaN or infinite. */
  | 'diverged'
  /** The work was aborted before there was a result to keep. */
  | 'interrupted'
  /** An object was used after it was disposed. */
  | 'disposed'
  /** Another process is working in the same folder. */
  | 'locked';

/** Details of an error, for programs. The message contains the same for people. */
export interface ErrorDetails {
  /** The option, setting or argument at fault. */
  readonly field?: string | undefined;
  /** The value received for that option. */
  readonly received?: unknown;
  /** A description of the expected value. */
  readonly expected?: string | undefined;
  /** The file or folder at fault. */
  readonly path?: string | undefined;
}

/** Escapes control characters, so that text from outside fits on one line and cannot control the terminal. */
export function printable(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

/** Formats a value of unknown type for a message, shortened if it is long. */
export function printableValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value))
    return `[${value.slice(0, 3).map(printableValue).join(', ')}${value.length > 3 ? ', …' : ''}]`;
  if (typeof value === 'function') return `function ${value.name}`.trim();
  if (typeof value === 'object' && value !== null) return `{ ${Object.keys(value).slice(0, 3).join(', ')} }`;
  return String(value);
}

/** The first five names, for messages. */
export function firstNames(names: readonly string[]): string {
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : '');
}

/**
 * An error that the caller can fix. The message is one line: the value received, the expectation and the remedy. Any
 * other error is a bug in the library.
 */
export class MicroYoloError extends Error {
  /** Always `MicroYoloError`. */
  override readonly name = 'MicroYoloError';
  /** The error code. */
  readonly code: ErrorCode;
  /** The option, setting or argument at fault. Missing if there is none. */
  declare readonly field?: string;
  /** The value received for `field`. */
  declare readonly received?: unknown;
  /** A description of the expected value. Missing if only the message contains it. */
  declare readonly expected?: string;
  /** The file or folder at fault. Missing if there is none. */
  declare readonly path?: string;

  /**
   * @param code the error code
   * @param message one line for people
   * @param details the same for programs, and the cause
   */
  constructor(code: ErrorCode, message: string, details: ErrorDetails & ErrorOptions = {}) {
    const { cause, field, received, expected, path } = details;
    super(printable(message), cause === undefined ? undefined : { cause });
    this.code = code;
    if (field !== undefined) {
      this.field = field;
      this.received = received;
    }
    if (expected !== undefined) this.expected = expected;
    if (path !== undefined) this.path = path;
  }

  /** The message and the other fields. `JSON.stringify` of an `Error` leaves out its message. */
  toJSON(): object {
    const { message } = this;
    return Object.assign({ message }, this);
  }
}

/** A message without its leading name, for lists that already show the name. */
export function withoutName(message: string, name: string): string {
  return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
}

/** The system's error code (`ENOENT`, `EACCES` …) of a caught value, if it has one. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
