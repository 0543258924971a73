/** RFC 3986: everything but unreserved characters, of the text's UTF-8. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The same, slashes left as they are: how V4 signs a path. */
export function percentEncodePath(path: string): string {
  return percentEncode(path).replaceAll('%2F', '/')
}

/** Query members as the query of a URL, in the order given; one without a value is its bare name. */
export function formatQuery(query: readonly (readonly [string, string])[]): string {
  return query
    .map(([name, value]) =>
      value === '' ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(value)}`,
    )
    .join('&')
}
