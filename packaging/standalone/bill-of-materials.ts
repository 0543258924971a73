import { execFileSync } from 'node:child_process'
import type { BundledPackage } from '../bundled-packages.ts'
import type { Binding, Runtime } from './fetch-runtime.ts'
import { type Pins, pins } from './targets.ts'

interface Component {
  type: 'library' | 'platform' | 'application'
  name: string
  version: string
  purl?: string
  licenses?: object[]
  hashes?: object[]
}

/** What is in the runtime, as its program says it. */
interface RuntimeVersions {
  javaScriptCore: string
  sqlite: string
}

const ask = `
const { DatabaseSync } = require('node:sqlite')
const [sqlite] = Object.values(new DatabaseSync(':memory:').prepare('select sqlite_version()').get())
console.log(JSON.stringify({ javaScriptCore: process.versions.webkit, sqlite }))
`

/** What an executable is made of. */
export interface Parts {
  packages: readonly BundledPackage[]
  runtime: Runtime
  binding: Binding | undefined
}

/**
 * The bill of materials of an executable (CycloneDX 1.6): the packages of which code was bundled, the runtime, and the keychain
 * binding. It holds neither a date nor a random number: the same executable has the same one.
 * @param builder the same version of the runtime for this machine, which is asked what is in it
 */
export function billOfMaterials(version: string, parts: Parts, builder: Runtime): string {
  const inside: RuntimeVersions = JSON.parse(execFileSync(builder.path, ['-e', ask], { encoding: 'utf8' }))
  const { packages, runtime, binding } = parts
  const { name } = runtime.target
  const components: Component[] = [
    ...packages.map((each) => npmPackage('library', each.name, each.version, each.license)),
    pinned(npmPackage('platform', runtime.target.runtime, pins.bun.version, 'MIT'), pins.bun),
    {
      type: 'library',
      name: 'JavaScriptCore',
      version: inside.javaScriptCore,
      licenses: [{ license: { id: 'LGPL-2.0-or-later' } }],
    },
  ]
  // macOS has an SQLite of its own, and the runtime takes that one.
  if (!name.startsWith('darwin'))
    components.push({
      type: 'library',
      name: 'SQLite',
      version: inside.sqlite,
      licenses: [{ license: { name: 'public domain' } }],
    })
  if (binding !== undefined)
    components.push(pinned(npmPackage('library', binding.name, binding.version, 'MIT'), pins.keyring))
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: npmPackage('application', 'sesame-sso', version, 'Apache-2.0') },
    components,
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

/** With the hash that its package was checked against. */
function pinned(component: Component, { integrity }: Pins): Component {
  const content = Buffer.from((integrity[component.name] ?? '').slice('sha512-'.length), 'base64')
  return { ...component, hashes: [{ alg: 'SHA-512', content: content.toString('hex') }] }
}

function npmPackage(type: Component['type'], name: string, version: string, license: string): Component {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  return { type, name, version, purl, licenses: [{ expression: license }] }
}
