/** Stands for NaN until the text is parsed: no name or path holds a NUL. */
const NAN = '\0NaN';
const STRINGS_AND_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs;

const asJson: Readonly<Record<string, string>> = {
  NaN: JSON.stringify(NAN),
  '-NaN': JSON.stringify(NAN),
  Infinity: '1e999',
  '-Infinity': '-1e999',
};

export interface LenientJson {
  readonly value: unknown;
  /** False if it holds NaN or Infinity. */
  readonly isJson: boolean;
}

/**
 * Parses JSON that may hold NaN and Infinity, as Python writes them by default.
 * @throws SyntaxError if it is not JSON for another reason
 */
export function parseLenientJson(text: string): LenientJson {
  try {
    return { value: JSON.parse(text), isJson: true };
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    const readable = text.replace(STRINGS_AND_NUMBERS, (token) => asJson[token] ?? token);
    const value: unknown = JSON.parse(readable, (_, part: unknown) => (part === NAN ? Number.NaN : part));
    return { value, isJson: false };
  }
}
