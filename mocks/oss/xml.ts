/** Elements by name; an array repeats its element, undefined leaves it out. */
export interface XmlElements {
  [name: string]: string | undefined | XmlElements | readonly XmlElements[]
}

/** An XML document with one root element. */
export function xmlDocument(root: string, content: XmlElements): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, content)}\n`
}

function element(name: string, content: XmlElements[string]): string {
  if (content === undefined) return ''
  if (typeof content === 'string') return `<${name}>${escapeText(content)}</${name}>`
  if (isList(content)) return content.map((each) => element(name, each)).join('')
  const inner = Object.entries(content).map(([child, value]) => element(child, value))
  return `<${name}>${inner.join('')}</${name}>`
}

function isList(content: XmlElements | readonly XmlElements[]): content is readonly XmlElements[] {
  return Array.isArray(content)
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
}
