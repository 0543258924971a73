/** Scheme, host and path; no user, query or fragment, and `*` for each part of the path that looks like an identifier. */
export function outlineUrl(url: URL): string {
  return `${url.protocol}//${url.host}${outlinePath(url.pathname)}`
}

/** Words and versions of a path stay: numbers, UUIDs, mail addresses and whatever is encoded could name a user or an account. */
export function outlinePath(path: string): string {
  return path
    .split('/')
    .slice(0, 12)
    .map((part) =>
      part === '' || /^(?:\.?[A-Za-z][A-Za-z._-]{0,39}\d{0,2}|v?\d{1,2}(?:\.\d{1,2})*)$/.test(part)
        ? part
        : '*',
    )
    .join('/')
}
