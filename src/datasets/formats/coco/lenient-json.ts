/** Placeholder for NaN while parsing. No name or path contains a NUL character. */
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
  /** False if the text contains NaN or Infinity. */
  readonly isJson: boolean;
}

/**
 * Parses JSON that may contain NaN and Infinity, which Python writes by default.
 * @throws SyntaxError if the text is otherwise invalid JSON
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
