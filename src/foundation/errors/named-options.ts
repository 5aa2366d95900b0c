/** A value that a message recommends. */
type Recommended = string | number | boolean;

const VALUE = String.raw`"(?:[^"\\]|\\.)*"|[\w.+-]+`;
const OPTION = String.raw`[a-zA-Z]\w*(?:\.\w+)*(?:: (?:${VALUE}))?`;
const MENTION = new RegExp(String.raw`\`(${OPTION}(?:, ${OPTION})*)\``, 'g');
const PART = new RegExp(String.raw`([a-zA-Z][\w.]*)(?:: (${VALUE}))?(?:, |$)`, 'gy');

/** Marks an option in a message: `` `split` ``. The command line shows the flag instead, with `replaceOptions`. */
export function option(name: string): string {
  return `\`${name}\``;
}

/** Marks options with recommended values in a message: `` `split: "val", seed: 2` ``. */
export function optionValues(values: Readonly<Record<string, Recommended>>): string {
  const parts = Object.entries(values).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `\`${parts.join(', ')}\``;
}

/**
 * Replaces the marked options in a message.
 * @param word returns the replacement of an option; its value is undefined if the message has none. If it returns
 * undefined for an option, the whole mention stays unchanged
 */
export function replaceOptions(
  message: string,
  word: (name: string, value: Recommended | undefined) => string | undefined,
): string {
  return message.replace(MENTION, (mention: string, list: string) => {
    const words = [...list.matchAll(PART)].map(([, name, value]) =>
      word(name!, value === undefined ? undefined : parseValue(value)),
    );
    return words.includes(undefined) ? mention : words.join(' ');
  });
}

function parseValue(text: string): Recommended {
  try {
    return JSON.parse(text) as Recommended;
  } catch {
    return text;
  }
}
