/** What cannot be seen, and stays behind when an address is copied out of a chat or a document (Unicode category Cf). */
const invisible = /\p{Cf}/gu
const quoted = /^(?:"(.*)"|'(.*)'|`(.*)`|“(.*)”|‘(.*)’|«(.*)»|<(.*)>)$/s

/** An address as a user meant it: without blanks and quotes around it, and without characters that cannot be seen. */
export function pastedText(text: string): string {
  const visible = text.replace(invisible, '').trim()
  const inner = quoted
    .exec(visible)
    ?.slice(1)
    .find((part) => part !== undefined)
  return inner === undefined ? visible : pastedText(inner)
}
