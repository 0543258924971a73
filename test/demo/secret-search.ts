import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Something that must not be seen, with a word for what it is. */
export interface NamedSecret {
  kind: string
  value: string
}

/** The kinds of secrets that occur in `bytes`, as they are or in an encoding that logs and URLs use. */
export function findSecrets(bytes: Buffer | string, secrets: readonly NamedSecret[]): string[] {
  const content = Buffer.from(bytes)
  return secrets
    .filter(({ value }) => spellingsOf(value).some((spelling) => content.includes(spelling)))
    .map(({ kind }) => kind)
}

/** Searches every file below a directory. */
export function findSecretsBelow(directory: string, secrets: readonly NamedSecret[]) {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
  const found = paths.flatMap((path) =>
    findSecrets(readFileSync(path), secrets).map((kind) => `${kind} in ${path}`),
  )
  return { files: paths.length, found }
}

/** Leaves the first four characters of each secret, so that a reader sees that something is there. */
export function shorten(text: string, secrets: readonly NamedSecret[]): string {
  return secrets.reduce((short, { value }) => short.replaceAll(value, `${value.slice(0, 4)}…`), text)
}

function spellingsOf(value: string): string[] {
  const bytes = Buffer.from(value)
  return [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
  ]
}
