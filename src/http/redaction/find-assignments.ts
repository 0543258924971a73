import { runOf } from './character-run.ts'
import { isSecretName } from './secret-names.ts'

/** A name and what leads to its value: `access_token=`, `"securityToken":"`, `\"password\": \"`, `appSecret: '`. */
const assignment =
  /(?<![A-Za-z0-9_-])([A-Za-z][A-Za-z0-9_-]{2,50})\\{0,3}["']?\s{0,2}(?:=|:\s{0,2}(?=\\{0,3}["'`]))/g
/** Up to the next space, separator or closing sign. */
const bareValue = runOf('!#$%*+./0-9:=?@A-Z^_a-z|~-')
const shortestHidden = 4

/** Finds the values that stand behind a secret name in any kind of text, as pairs of start and end. Linear in its length. */
export function findAssignments(text: string): [start: number, end: number][] {
  const found: [number, number][] = []
  let searched = 0
  for (const match of text.matchAll(assignment)) {
    if (match.index < searched || !isSecretName(match[1] ?? '')) continue
    const [start, end] = valueAt(text, match.index + match[0].length)
    if (end - start < shortestHidden || text.startsWith('[redacted ', start)) continue
    found.push([start, end])
    searched = end
  }
  return found
}

function valueAt(text: string, from: number): [start: number, end: number] {
  const opening = /\\{0,3}["'`]|/y
  opening.lastIndex = from
  const quote = opening.exec(text)?.[0] ?? ''
  const start = from + quote.length
  if (quote === '') return [start, bareValue(text, start)]
  const end = text.indexOf(quote, start)
  return [start, end === -1 ? text.length : end]
}
