import { MicroYoloError } from '../../../foundation/errors/errors.ts';

/** One `[section]` of a Darknet configuration, with every key as written. */
export interface DarknetSection {
  readonly type: string;
  /** Line of the section's header, from 1. */
  readonly line: number;
  readonly entries: ReadonlyMap<string, string>;
  /** Keys that occur more than once, with different values. */
  readonly disputed: ReadonlySet<string>;
}

/**
 * Reads a Darknet `.cfg`: sections in order. Comments (# and ;) and spaces in keys and values are ignored.
 * @param file name for messages
 * @throws MicroYoloError `invalid-file` with file and line
 */
export function parseDarknetConfig(text: string, file: string): readonly DarknetSection[] {
  const sections: { type: string; line: number; entries: Map<string, string>; disputed: Set<string> }[] = [];
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/\s+/g, '');
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return;
    const header = /^\[([^\]]+)\](?:[#;].*)?$/.exec(line);
    if (header) {
      sections.push({
        type: header[1]!.toLowerCase(),
        line: index + 1,
        entries: new Map(),
        disputed: new Set(),
      });
      return;
    }
    const [key, value] = [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)];
    const section = sections.at(-1);
    if (!line.includes('=') || key === '' || !section) {
      const shown = raw.trim().slice(0, 40);
      throw new MicroYoloError(
        'invalid-file',
        `${file}:${index + 1}: "${shown}", expected [section] or key=value; is this a Darknet .cfg?`,
      );
    }
    const plain = value.replace(/[#;].*$/, '');
    if (section.entries.has(key) && section.entries.get(key) !== plain) section.disputed.add(key);
    section.entries.set(key, plain);
  });
  if (sections.length === 0) {
    throw new MicroYoloError(
      'invalid-file',
      `${file}: no [section], expected a Darknet .cfg that begins with [net]`,
      { path: file },
    );
  }
  return sections;
}

/** Formats sections as a `.cfg`, with all keys. */
export function formatDarknetConfig(sections: readonly Pick<DarknetSection, 'type' | 'entries'>[]): string {
  return sections
    .map(
      ({ type, entries }) => `[${type}]\n${[...entries].map(([key, value]) => `${key}=${value}\n`).join('')}`,
    )
    .join('\n');
}

/** Reads typed values of a section, and records which keys were read. */
export class SectionReader {
  readonly section: DarknetSection;
  readonly #file: string;
  readonly #read = new Set<string>();

  constructor(section: DarknetSection, file: string) {
    this.section = section;
    this.#file = file;
  }

  fail(problem: string): never {
    throw new MicroYoloError(
      'invalid-file',
      `${this.#file}:${this.section.line}: [${this.section.type}] ${problem}`,
    );
  }

  text(key: string): string | undefined {
    this.#read.add(key);
    if (this.section.disputed.has(key)) {
      this.fail(
        `${key} appears twice with different values; Darknet uses the first, other programs the last; keep one`,
      );
    }
    return this.section.entries.get(key);
  }

  number(key: string, byDefault: number): number {
    const value = this.text(key);
    if (value === undefined) return byDefault;
    const number = Number(value);
    if (value === '' || !Number.isFinite(number)) this.fail(`${key}=${value}, expected a number`);
    return number;
  }

  /** Reads an integer of at least `least`. */
  integer(key: string, byDefault: number, least = 0): number {
    const number = this.number(key, byDefault);
    if (!Number.isInteger(number) || number < least) {
      this.fail(`${key}=${number}, expected a whole number of at least ${least}`);
    }
    return number;
  }

  numbers(key: string): readonly number[] {
    const value = this.text(key);
    if (!value) return [];
    return value
      .split(',')
      .filter((part) => part !== '')
      .map((part) =>
        Number.isFinite(Number(part)) ? Number(part) : this.fail(`${key}=${value}, expected numbers`),
      );
  }

  /** Fails if a key has an unsupported value that would change the computation. */
  only(key: string, supported: number): void {
    const value = this.number(key, supported);
    if (value !== supported) this.fail(`${key}=${value} is not supported, only ${key}=${supported}`);
  }

  /** Keys that were not read. */
  unread(): readonly string[] {
    return [...this.section.entries.keys()].filter((key) => !this.#read.has(key));
  }
}
