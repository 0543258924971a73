type Members = { [name: string]: string | Members }

/** Deeper and larger than any error document; the rest of a text is not looked at. */
const deepest = 8
const mostTags = 200

const piece =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\s*\?[^>]*>|<(\/?)([\w.:-]+)[^<>]*?(\/?)>|([^<]+)/gy

/**
 * The members of an error document in XML, as STS, OSS and their gateways send it: `<Error><Code>…</Code>…</Error>`, with or
 * without namespaces. Read into the shape that the same error has as JSON. Undefined for everything else, HTML above all.
 * No entity but XML's own five is known, and a document type ends the reading.
 */
export function parseXmlError(given: string): Members | undefined {
  const text = given.replace(/^[\s\ufeff]+/, '')
  if (!text.startsWith('<')) return undefined
  const open: { name: string; members: Members; text: string }[] = []
  let tags = 0
  for (const [, cdata, closing, tag = '', empty, content] of text.matchAll(piece)) {
    const inner = open.at(-1)
    if (cdata !== undefined || content !== undefined) {
      if (inner !== undefined) inner.text += cdata ?? unescapeXml(content ?? '')
    } else if (closing === '') {
      const name = tag.slice(tag.indexOf(':') + 1)
      if (++tags > mostTags || open.length === deepest) return undefined
      if (open.length === 0 && !/^(?:Error|ErrorResponse|Errors|Response)$/i.test(name)) return undefined
      if (empty === '') open.push({ name, members: Object.create(null), text: '' })
    } else if (closing === '/') {
      const done = open.pop()
      const outer = open.at(-1)
      if (done === undefined) return undefined
      if (outer === undefined) return done.members
      outer.members[done.name] ??= Object.keys(done.members).length > 0 ? done.members : done.text.trim()
    }
  }
  return undefined
}

const entities: Record<string, string> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' }

function unescapeXml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|apos|gt|lt|quot));/gi, (whole, ...found) => {
    const [decimal, hexadecimal, name] = found as (string | undefined)[]
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
