import type { Document, Node, YAMLMap, YAMLSeq } from 'yaml'
import { SesameError, t } from '../../kit/index.ts'

/** A program that gives the token of a user (`ExecConfig` of client-go). */
export interface ExecUser {
  command: string
  args: readonly string[]
  /** Shown when the program is not found. */
  installHint: string
}

/** A kubeconfig, of which everything but one user stays as it is, comments too. */
export interface Kubeconfig {
  /** Whether a user of that name is there, and takes its token from sesame alone. */
  find(name: string): 'absent' | 'ours' | 'foreign'
  /** The text with that user. An entry of that name keeps its place; of two the first counts, as for kubectl. */
  withUser(name: string, user: ExecUser): string
}

type Yaml = typeof import('yaml')

/** Reads a kubeconfig; an empty text is one without anything. @throws SesameError ERR_CONFIG, with no word of the text */
export async function readKubeconfig(text: string): Promise<Kubeconfig> {
  const yaml = await import('yaml')
  const document = parse(text, yaml)
  const find = (name: string) =>
    usersOf(document, yaml)?.items.find(
      (item): item is YAMLMap => yaml.isMap(item) && item.get('name') === name,
    )
  return {
    find(name) {
      const entry = find(name)
      if (entry === undefined) return 'absent'
      const user = entry.get('user')
      if (!yaml.isMap(user) || user.items.length === 0) return 'ours'
      return user.items.length === 1 && runsSesame(user.get('exec'), yaml) ? 'ours' : 'foreign'
    },
    withUser(name, user) {
      const entry = newEntry({ name, user: { exec: execOf(user) } }, { document, yaml, text })
      const known = find(name)
      if (known !== undefined) known.set('user', entry.get('user', true))
      else (usersOf(document, yaml) ?? addUsers(document, yaml)).items.push(entry)
      return asText(document, text)
    },
  }
}

function execOf({ command, args, installHint }: ExecUser) {
  return {
    apiVersion: 'client.authentication.k8s.io/v1',
    command,
    args,
    interactiveMode: 'Never',
    provideClusterInfo: false,
    installHint,
  }
}

function runsSesame(exec: unknown, { isMap, isSeq }: Yaml): boolean {
  const args = isMap(exec) ? exec.get('args') : undefined
  const words = isSeq(args) ? args.items.map(String) : []
  return words.join(' ').includes('token get ') && words.includes('exec-credential')
}

function parse(text: string, { parseDocument, isMap, isScalar }: Yaml): Document<Node> {
  let document: Document
  try {
    document = parseDocument(text, { prettyErrors: false, logLevel: 'error' })
  } catch (error) {
    // The parser calls itself for each level of nesting.
    if (!(error instanceof RangeError)) throw error
    throw unreadable()
  }
  // Several documents are an error, too: kubectl would read the first one only.
  if (document.errors.length > 0) throw unreadable()
  const { contents } = document
  if (contents === null || (isScalar(contents) && contents.value === null))
    document.contents = document.createNode({ apiVersion: 'v1', kind: 'Config' })
  else if (!isMap(contents)) throw unreadable()
  return document as Document<Node>
}

/** Undefined where there are none, or nothing stands behind the word. */
function usersOf(document: Document<Node>, { isSeq, isScalar }: Yaml): YAMLSeq | undefined {
  const users: unknown = document.get('users', true)
  if (isSeq(users)) return users
  if (users === undefined || users === null || (isScalar(users) && users.value === null)) return undefined
  throw unreadable()
}

function addUsers(document: Document<Node>, { YAMLSeq }: Yaml): YAMLSeq {
  const users = new YAMLSeq()
  document.set('users', users)
  return users
}

/** Text that every YAML reader takes for itself: those of version 1.1 know more words for true and false. */
const plain = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)-{0,2}[a-z_/][\w@./-]*$/i

function newEntry(
  entry: object,
  { document, yaml, text }: { document: Document<Node>; yaml: Yaml; text: string },
): YAMLMap {
  const node = document.createNode(entry) as YAMLMap
  const isJson = /^\s*\{/.test(text)
  yaml.visit(node, {
    Scalar(_, scalar) {
      if (typeof scalar.value === 'string' && (isJson || !plain.test(scalar.value)))
        scalar.type = 'QUOTE_DOUBLE'
    },
  })
  return node
}

/** In the way in which the file is written, as far as the serializer has options for it. */
function asText(document: Document<Node>, text: string): string {
  const users: unknown = document.get('users')
  // What was an empty `[]` would go on in one line.
  if (!/^\s*\{/.test(text)) (users as YAMLSeq).flow = false
  const written = document.toString({
    lineWidth: 0,
    flowCollectionPadding: false,
    indent: indentOf(text),
    indentSeq: /^[\w-]+:[ \t]*\r?\n +- /m.test(text),
  })
  return text.includes('\r\n') ? written.replace(/\r?\n/g, '\r\n') : written
}

function indentOf(text: string): number {
  const indents = [...text.matchAll(/^( {2,8})[^\s#]/gm)].map(([, spaces = '']) => spaces.length)
  return indents.length === 0 ? 2 : Math.min(...indents)
}

function unreadable(): SesameError {
  return new SesameError('ERR_CONFIG', t('The kubeconfig is not readable YAML of one kubeconfig.'), {
    hint: t('Fix the file, or add --print and put the user there by hand.'),
  })
}
