/** What went wrong, for programs; the message is for people. */
export type ErrorCode =
  /** An option or its value means nothing here. */
  | 'invalid-argument'
  /** A file, a folder or an address is not there. */
  | 'not-found'
  /** A file is damaged, or of another kind than expected. */
  | 'invalid-file'
  /** A server does not answer, or is busy: another time it may. */
  | 'unreachable'
  /** The layers of a network do not fit each other. */
  | 'invalid-network'
  /** What is asked for is in order, and this model, machine or run cannot do it. */
  | 'unsupported'
  /** A file or folder cannot be written. */
  | 'not-writable'
  /** A training's loss is no finite number any more. */
  | 'diverged'
  /** The work was aborted before there was anything to keep. */
  | 'interrupted'
  /** An object is used after it was disposed. */
  | 'disposed'
  /** Another process works there. */
  | 'locked';

/** What an error is about, for programs: its message says the same to people. */
export interface ErrorDetails {
  /** The option, setting or argument at fault. */
  readonly field?: string | undefined;
  /** The value received for it. */
  readonly received?: unknown;
  /** What is expected instead, in words. */
  readonly expected?: string | undefined;
  /** The file or folder at fault. */
  readonly path?: string | undefined;
}

/** Text from outside as a message or a table may show it: on one line, and without a terminal's control characters. */
export function printable(text: string): string {
  return text.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`,
  );
}

/** A value of an unknown type as a message may show it: its beginning, or what kind of thing it is. */
export function printableValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value))
    return `[${value.slice(0, 3).map(printableValue).join(', ')}${value.length > 3 ? ', …' : ''}]`;
  if (typeof value === 'function') return `function ${value.name}`.trim();
  if (typeof value === 'object' && value !== null) return `{ ${Object.keys(value).slice(0, 3).join(', ')} }`;
  return String(value);
}

/** The first five of names, for a message that cannot hold all. */
export function firstNames(names: readonly string[]): string {
  return names.slice(0, 5).join(', ') + (names.length > 5 ? ' …' : '');
}

/**
 * An error the caller can fix. Its message is one line: the value received, what was expected, and the
 * remedy. Anything else that is thrown is a bug of the library.
 */
export class MicroYoloError extends Error {
  /** Always `MicroYoloError`. */
  override readonly name = 'MicroYoloError';
  /** What went wrong. */
  readonly code: ErrorCode;
  /** The option, setting or argument at fault. Missing if there is none. */
  readonly field?: string;
  /** The value received for `field`. */
  readonly received?: unknown;
  /** What is expected instead, in words. Missing if the message alone says it. */
  readonly expected?: string;
  /** The file or folder at fault. Missing if there is none. */
  readonly path?: string;

  /**
   * @param code what went wrong
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
}

/** A message without the name of what it is about, for a list that names it beside. */
export function withoutName(message: string, name: string): string {
  return message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
}

/** The system's error code (`ENOENT`, `EACCES` …) of something caught, if it has one. */
export function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
