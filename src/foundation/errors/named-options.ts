/** A value that a message recommends. */
type Recommended = string | number | boolean;

const VALUE = String.raw`"(?:[^"\\]|\\.)*"|[\w.+-]+`;
const OPTION = String.raw`[a-zA-Z]\w*(?:\.\w+)*(?:: (?:${VALUE}))?`;
const MENTION = new RegExp(String.raw`\`(${OPTION}(?:, ${OPTION})*)\``, 'g');
const PART = new RegExp(String.raw`([a-zA-Z][\w.]*)(?:: (${VALUE}))?(?:, |$)`, 'gy');

/** An option as a message names it: `` `split` ``. A program with flags shows its flag by `replaceOptions`. */
export function option(name: string): string {
  return `\`${name}\``;
}

/** Options with values that a message recommends: `` `split: "val", seed: 2` ``. */
export function optionValues(values: Readonly<Record<string, Recommended>>): string {
  const parts = Object.entries(values).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return `\`${parts.join(', ')}\``;
}

/**
 * A message with its options put in other words.
 * @param word what stands for an option; the value is undefined where the message has none. If undefined, all of its
 * mention stays as it is
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
