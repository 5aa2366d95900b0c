/** A word of a command line, quoted if a shell would change it. */
export function shellWord(value: string | number | boolean): string {
  const text = String(value);
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  const isChangedInQuotes = process.platform !== 'win32' && /[$`\\!"]/.test(text);
  return isChangedInQuotes ? `'${text.replaceAll("'", String.raw`'\''`)}'` : JSON.stringify(text);
}
