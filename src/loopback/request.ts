/** Names in lower case and values, duplicates included, of Node's `rawHeaders`. */
export function headerPairs(rawHeaders: readonly string[]): (readonly [name: string, value: string])[] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
  )
}

/** The Host header, or undefined unless there is exactly one: to be answered 400 (RFC 9112 section 3.2). */
export function onlyHost(rawHeaders: readonly string[]): string | undefined {
  const hosts = headerPairs(rawHeaders).filter(([name]) => name === 'host')
  return hosts.length === 1 ? hosts[0]?.[1] : undefined
}
