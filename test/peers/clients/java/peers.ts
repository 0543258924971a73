import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram, peersCache } from '../../find-program.ts'
import type { Missing, Peer } from '../../peer.ts'
import type { Way } from '../client.ts'
import { environmentWay, externalWay, type Program, uriWay } from '../sdk-ways.ts'
import { clientPeer } from '../steps.ts'

/** The two releases of credentials-java that are in use; everything else goes with either. */
const releases = ['1.0.3', '0.3.12'] as const
type Release = (typeof releases)[number]

const environment = join(peersCache, 'java-clients')
const classes = join(environment, 'classes')
/** What was installed, once all of it is there. */
const installed = join(environment, 'installed.txt')

const sources = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.java'))
const inFolder = (name: string) => join(import.meta.dirname, name)
/** The archives and our programs, as text. */
const wanted = () => ['pom.xml', ...sources].map((name) => readFileSync(inFolder(name), 'utf8')).join('')
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
  for (const release of releases) {
    const options = [`-Dcredentials.version=${release}`, `-DoutputDirectory=${join(environment, release)}`]
    await run('mvn', ['--quiet', '--file', inFolder('pom.xml'), 'dependency:copy-dependencies', ...options])
  }
  mkdirSync(classes, { recursive: true })
  await run('javac', ['-cp', jars('1.0.3'), '-d', classes, ...sources.map(inFolder)])
  writeFileSync(installed, wanted())
}

/** A class of this folder. The smallest compiler starts it soonest. */
function program(name: string, release: Release = '1.0.3'): Program {
  const words = ['java', '-XX:TieredStopAtLevel=1', '-cp', [classes, jars(release)].join(delimiter), name]
  return (address, ...mode) => [...words, address, ...mode]
}

function javaPeer(name: string, version: string, ways: readonly Way[], known: Peer['known'] = {}): Peer {
  return clientPeer({ name, quick: false, missing, install, version: async () => version, ways, known })
}

function credentialsPeer(release: Release): Peer {
  const chain = program('Credentials', release)
  return javaPeer(`credentials-java-${release}`, release, [
    environmentWay(chain),
    uriWay(chain),
    externalWay(chain),
  ])
}

const core = program('SdkCore')
const objectStorage = program('ObjectStorage')

/** The SDKs for Java. */
export const javaClients: readonly Peer[] = [
  ...releases.map(credentialsPeer),
  javaPeer('aliyun-java-sdk-core', '4.7.10', [environmentWay(core), uriWay(core), externalWay(core)]),
  javaPeer('aliyun-sdk-oss', '3.18.5', [environmentWay(objectStorage), uriWay(objectStorage)]),
]
