import { execFileSync } from 'node:child_process'
import type { BundledPackage } from '../bundled-packages.ts'
import type { Runtime } from './fetch-runtime.ts'
import { pins } from './targets.ts'

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

/**
 * The bill of materials of an executable (CycloneDX 1.6): the packages of which code was bundled, and the runtime. It holds neither a
 * date nor a random number: the same executable has the same one.
 */
export function billOfMaterials(
  version: string,
  packages: readonly BundledPackage[],
  runtime: Runtime,
  builder: Runtime,
): string {
  const inside: RuntimeVersions = JSON.parse(execFileSync(builder.path, ['-e', ask], { encoding: 'utf8' }))
  const integrity = pins.integrity[runtime.target.runtime] ?? ''
  const content = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')
  const components: Component[] = [
    ...packages.map((each) => npmPackage('library', each.name, each.version, each.license)),
    {
      ...npmPackage('platform', runtime.target.runtime, pins.version, 'MIT'),
      hashes: [{ alg: 'SHA-512', content }],
    },
    {
      type: 'library',
      name: 'JavaScriptCore',
      version: inside.javaScriptCore,
      licenses: [{ license: { id: 'LGPL-2.0-or-later' } }],
    },
    {
      type: 'library',
      name: 'SQLite',
      version: inside.sqlite,
      licenses: [{ license: { name: 'public domain' } }],
    },
  ]
  const document = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: npmPackage('application', 'sesame-sso', version, 'Apache-2.0') },
    components,
  }
  return `${JSON.stringify(document, undefined, 2)}\n`
}

function npmPackage(type: Component['type'], name: string, version: string, license: string): Component {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`
  return { type, name, version, purl, licenses: [{ expression: license }] }
}
