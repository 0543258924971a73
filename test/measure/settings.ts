import type { ESTree } from 'rolldown/utils'
import { type SourceFile, type SyntaxNode, walk } from '../support/source-files.ts'

/** Settings of profiles whose names mean nothing else anywhere in src: `issuer` or `region` have uses of their own. */
export const plainSettings = [
  'trustedHosts',
  'redirectPort',
  'devicePkce',
  'idaasUrl',
  'applicationUuid',
  'apiVersion',
  'sourceProfile',
  'oidcProviderArn',
  'roleSessionName',
  'durationSeconds',
  'stsEndpoint',
] as const

/** The files that name a setting: by its identifier, its key in a text, or its option of `sesame configure`. */
export function filesNaming(setting: string, files: readonly SourceFile[]): string[] {
  const option = setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  // `appKey!` is how the reader's table marks what is required, `no-device-pkce` how an option switches off.
  const inText = new RegExp(`(?<![\\w-])(?:${setting}|(?:--)?(?:no-)?${option})(?![\\w-])`)
  const names = (node: SyntaxNode) =>
    node.type === 'Identifier' ? node.name === setting : inText.test(textIn(node) ?? '')
  return files
    .filter(({ program }) => {
      let found = false
      walk(program, (node) => {
        found ||= names(node)
      })
      return found
    })
    .map(({ path }) => path)
}

function textIn(node: ESTree.Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  return node.type === 'TemplateElement' ? node.value.raw : undefined
}
