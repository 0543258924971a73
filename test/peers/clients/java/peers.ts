import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram, peersCache } from '../../find-program.ts'
import type { Missing, Peer } from '../../peer.ts'
import type { Client, Way } from '../client.ts'
import {
  besideOtherKeys,
  environmentWay,
  externalWay,
  knownSteps,
  type Program,
  recipeStep,
  uriWay,
} from '../sdk-ways.ts'
import { clientPeer } from '../steps.ts'

/** The two releases of credentials-java that are in use, each with the tea-openapi of its time. */
const teaVersions = { '1.0.3': '0.3.8', '0.3.12': '0.3.6' }
type Release = keyof typeof teaVersions

const environment = join(peersCache, 'java-clients')
const classes = join(environment, 'classes')
/** What was installed, once all of it is there. */
const installed = join(environment, 'installed.txt')

const sources = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.java'))
const inFolder = (name: string) => join(import.meta.dirname, name)
/** The archives and our programs, as text. */
const wanted = () =>
  [
    JSON.stringify(teaVersions),
    ...['pom.xml', ...sources].map((name) => readFileSync(inFolder(name), 'utf8')),
  ].join('\n')
const jars = (release: Release) => join(environment, release, '*')

async function missing(): Promise<Missing | undefined> {
  const program = ['javac', 'java', 'mvn'].find((name) => findProgram(name) === undefined)
  if (program !== undefined)
    return { reason: `no ${program} in PATH`, install: 'apt-get install openjdk-17-jdk-headless maven' }
  return existsSync(installed) && readFileSync(installed, 'utf8') === wanted()
    ? undefined
    : { reason: `its archives are not in ${environment}`, install: 'npm run peers -- --install' }
}

async function install(): Promise<void> {
  const run = promisify(execFile)
  rmSync(environment, { recursive: true, force: true })
  for (const [release, tea] of Object.entries(teaVersions)) {
    const versions = [`-Dcredentials.version=${release}`, `-Dtea.version=${tea}`]
    const words = ['--quiet', '--file', inFolder('pom.xml'), 'dependency:copy-dependencies', ...versions]
    await run('mvn', [...words, `-DoutputDirectory=${join(environment, release)}`])
  }
  mkdirSync(classes, { recursive: true })
  await run('javac', ['-cp', jars('1.0.3'), '-d', classes, ...sources.map(inFolder)])
  writeFileSync(installed, wanted())
}

/** A class of this folder. The smallest compiler starts it soonest. */
function program(name: string, release: Release = '1.0.3'): Program {
  // Java takes the user's home from the system, not from HOME.
  const script = 'exec java -XX:TieredStopAtLevel=1 -Duser.home="$HOME" "$@"'
  const words = ['/bin/sh', '-c', script, 'java', '-cp', [classes, jars(release)].join(delimiter), name]
  return (address, ...mode) => [...words, address, ...mode]
}

function javaPeer(name: string, version: string, about: Pick<Client, 'ways' | 'known' | 'more'>): Peer {
  return clientPeer({ name, quick: false, missing, install, version: async () => version, ...about })
}

const keepsExpired = knownSteps(
  'credentials URI',
  ['sign-in over while it runs'],
  'while no new credentials are to be had it goes on with those that have expired',
)

function credentialsPeer(release: Release): Peer {
  const chain = program('Credentials', release)
  return javaPeer(`credentials-java-${release}`, release, {
    ways: [environmentWay(chain), uriWay(chain), refusesExternal(chain)],
    known: { ...keepsExpired, ...externalIsRefused },
    more: [recipeStep('java', chain), ...besideOtherKeys(chain, ['environment', 'credentials URI'])],
  })
}

const why = 'it knows no mode External: "Unsupported profile mode"'

function refusesExternal(of: Program): Way {
  return externalWay(of, { lacks: { 'no secret on disk': why } })
}

const externalIsRefused = knownSteps(
  'External',
  [
    ...(['signed call', 'at expiry', '50 at once', 'server slow', 'sign-in over'] as const),
    ...(['renews while it runs', 'sign-in over while it runs'] as const),
  ],
  why,
)

const core = program('SdkCore')
const objectStorage = program('ObjectStorage')

/** The SDKs for Java. */
export const javaClients: readonly Peer[] = [
  credentialsPeer('1.0.3'),
  credentialsPeer('0.3.12'),
  javaPeer('aliyun-java-sdk-core', '4.7.10', {
    ways: [environmentWay(core), uriWay(core), refusesExternal(core)],
    known: externalIsRefused,
    more: [recipeStep('java', core), ...besideOtherKeys(core, ['environment', 'credentials URI'])],
  }),
  javaPeer('aliyun-sdk-oss', '3.18.5', {
    ways: [environmentWay(objectStorage), uriWay(objectStorage)],
    known: keepsExpired,
    more: [
      recipeStep('java', objectStorage),
      ...besideOtherKeys(objectStorage, ['environment', 'credentials URI']),
    ],
  }),
]
