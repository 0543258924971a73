import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packagesOf } from '../bundled-packages.ts'
import { formatNotices } from '../third-party-notices.ts'
import type { Parts } from './bill-of-materials.ts'

/** `THIRD-PARTY-NOTICES` of executables: of the packages in them, of their runtime, and of their keychain bindings. */
export function noticesOf(executables: readonly Parts[]): string {
  const packages = executables.flatMap((each) => each.packages)
  const different = new Map(packages.map((each) => [`${each.directory} ${each.version}`, each]))
  const runtime = readFileSync(new URL('runtime-notices.txt', import.meta.url), 'utf8')
  const bindings = executables.flatMap(({ binding }) => binding ?? [])
  const known = new Map(bindings.map((each) => [each.name, each]))
  const [binding] = packagesOf([
    join(import.meta.dirname, '..', '..', 'node_modules', '@napi-rs', 'keyring', 'index.js'),
  ])
  const sections = [...known.values()].map(({ name, version, notices }) =>
    [
      rule,
      `${name} ${version} (${binding?.license})`,
      rule,
      '',
      ...(binding?.texts ?? []),
      '',
      notices,
      '',
    ].join('\n'),
  )
  return [formatNotices([...different.values()], 'executables'), runtime, ...sections].join('\n')
}

const rule = '='.repeat(80)
