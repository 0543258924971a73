/**
 * Taken literally by every shell, wherever in a command it stands. Letters by their blocks (Latin to CJK): the classes of Unicode
 * (`\p{L}`) would take a noticeable part of the cached path to read.
 */
const bare = /^[\w./\u00c0-\u1fff\u3001-\udfff][\w@%+=:,./\u00c0-\u1fff\u3001-\udfff-]*$/
/** With spaces too: literal between double quotes in POSIX shells, fish, PowerShell and cmd alike. */
const plain = /^[\w@+=:,./ \u00c0-\u1fff\u3001-\udfff-]+$/

/**
 * A word of a command that is printed for a person to paste. Every such command is put together with this function, whatever
 * is known about the word: what a server, a configuration file or the environment chose must not become code in a shell.
 */
export function shellWord(text: string): string {
  if (bare.test(text)) return text
  return plain.test(text) ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`
}
