/** The form of a page as a browser would send it. */
export interface PageForm {
  /** As written; relative to the page's address. */
  action: string
  fields: Record<string, string>
  /** Names of the fields that the user fills in. */
  inputs: string[]
}

/** Reads the first form of a page, or undefined when there is none. */
export function readForm(html: string): PageForm | undefined {
  const [, opening = '', content = ''] = /<form\b([^>]*)>([\s\S]*?)<\/form>/.exec(html) ?? []
  const action = attribute(opening, 'action')
  if (action === undefined) return undefined
  const form: PageForm = { action, fields: {}, inputs: [] }
  for (const [, input = ''] of content.matchAll(/<input\b([^>]*)>/g)) {
    const name = attribute(input, 'name')
    if (name === undefined) continue
    form.fields[name] = attribute(input, 'value') ?? ''
    if (attribute(input, 'type') !== 'hidden') form.inputs.push(name)
  }
  return form
}

/** The text of a page's first heading. */
export function headingOf(html: string): string {
  return unescapeHtml(/<h1>([^<]*)<\/h1>/.exec(html)?.[1] ?? '')
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return value === undefined ? undefined : unescapeHtml(value)
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }

function unescapeHtml(text: string): string {
  return text.replace(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole)
}
