/**
 * Taken literally by every shell, wherever in a command it stands. Letters by their blocks (Latin to CJK): the classes of Unicode
 * (`\p{L}`) would take a noticeable part of the cached path to read.
 */
const bare = /^[\w./\u00c0-\u1fff\u3001-\udfff][\w@%+=:,./\u00c0-\u1fff\u3001-\udfff-]*$/
/** With spaces too: literal between double quotes in POSIX shells, fish, PowerShell and cmd alike. */
const plain = /^[\w@+=:,./ \u00c0-\u1fff\u3001-\udfff-]+$/

/**
 * A text in the single quotes of a POSIX shell. Two quotes never meet: with zsh's RC_QUOTES, `''` inside quotes would be a quote
 * and not an end and a start.
 */
export function singleQuoted(text: string): string {
  if (text === '') return "''"
  return text.replace(/('+)|[^']+/g, (part, quotes) => (quotes ? part.replaceAll("'", "\\'") : `'${part}'`))
}

/**
 * A word of a command that is printed for a user to paste. Every such command is put together with this function, whatever
 * is known about the word: what a server, a configuration file or the environment chose must not become code in a shell.
 */
export function shellWord(text: string): string {
  if (bare.test(text)) return text
  return plain.test(text) ? `"${text}"` : singleQuoted(text)
}
