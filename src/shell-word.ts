/** Taken literally by every shell, wherever in a command it stands. */
const bare = /^[\p{L}\p{N}_./][\p{L}\p{N}_@%+=:,./-]*$/u
/** With spaces too: literal between double quotes in POSIX shells, fish, PowerShell and cmd alike. */
const plain = /^[\p{L}\p{N}_@+=:,./ -]+$/u

/**
 * A word of a command that is printed for a person to paste. Every such command is put together with this function, whatever
 * is known about the word: what a server, a configuration file or the environment chose must not become code in a shell.
 */
export function shellWord(text: string): string {
  if (bare.test(text)) return text
  return plain.test(text) ? `"${text}"` : `'${text.replaceAll("'", `'\\''`)}'`
}
