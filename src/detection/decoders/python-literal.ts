/**
 * Parses a Python dict literal of integers and strings, such as `{0: 'cat', 1: "dog"}`. JSON objects and lists are also
 * accepted. The text is never executed.
 * @returns the strings in the order of the integers, or undefined for any other text
 */
export function parsePythonDict(text: string): readonly string[] | undefined {
  const names: string[] = [];
  const entry = /\s*(?:(?:(\d+)|"(\d+)"|'(\d+)')\s*:\s*)?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*(,|$)/y;
  const body = /^\s*(?:\{(.*)\}|\[(.*)\])\s*$/s.exec(text);
  if (!body) return undefined;
  const inside = (body[1] ?? body[2]!).trim().replace(/,$/, '');
  if (inside === '') return [];
  const isDict = body[1] !== undefined;
  while (entry.lastIndex < inside.length) {
    const match = entry.exec(inside);
    if (!match) return undefined;
    const key = match[1] ?? match[2] ?? match[3];
    if (isDict !== (key !== undefined)) return undefined;
    const place = key === undefined ? names.length : Number(key);
    if (place > inside.length || names[place] !== undefined) return undefined;
    names[place] = unescaped(match[4]!.slice(1, -1));
  }
  return names.length > 0 && !names.includes(undefined as never) && Object.keys(names).length === names.length
    ? names
    : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/gs,
    (_, byte?: string, unit?: string, character?: string) => {
      const code = byte ?? unit;
      return code === undefined
        ? (ESCAPES[character!] ?? character!)
        : String.fromCharCode(Number.parseInt(code, 16));
    },
  );
}
