import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findProgram, peersCache } from '../../find-program.ts'
import type { Missing, Peer } from '../../peer.ts'
import type { Way } from '../client.ts'
import { environmentWay, externalWay, type Program, uriWay } from '../sdk-ways.ts'
import { clientPeer } from '../steps.ts'
import { awsWays, s3cmdWays } from './aws-ways.ts'

const requirements = join(import.meta.dirname, 'requirements.txt')
const environment = join(peersCache, 'python-clients')
/** Beside the packages: which ones they are, once all are there. */
const installed = join(environment, 'installed.txt')
export const python = join(environment, 'bin', 'python')

/** A program of this folder. */
function program(file: string): Program {
  return (address, ...mode) => [python, '-B', join(import.meta.dirname, file), address, ...mode]
}

async function missing(): Promise<Missing | undefined> {
  if (findProgram('python3') === undefined)
    return { reason: 'no Python 3 in PATH', install: 'apt-get install python3-venv' }
  return existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(requirements, 'utf8')
    ? undefined
    : { reason: `its packages are not in ${environment}`, install: 'npm run peers -- --install' }
}

async function install(): Promise<void> {
  const run = promisify(execFile)
  mkdirSync(peersCache, { recursive: true })
  await run(findProgram('python3') ?? 'python3', ['-m', 'venv', '--clear', environment])
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements])
  writeFileSync(installed, readFileSync(requirements, 'utf8'))
}

function versionOf(name: string): string {
  const words = ['-c', 'import sys, importlib.metadata as m; print(m.version(sys.argv[1]))', name]
  return execFileSync(python, words, { encoding: 'utf8' }).trim()
}

function pythonPeer(name: string, ways: readonly Way[], more: Partial<Pick<Peer, 'known'>> = {}): Peer {
  return clientPeer({
    name,
    quick: false,
    missing,
    install,
    version: async () => versionOf(name),
    ways,
    ...more,
  })
}

const chain = program('credentials.py')
const oss1 = program('oss_1.py')
const oss2 = program('oss_2.py')
const log = program('log.py')
const maxcompute = program('maxcompute.py')

/** The SDKs and tools for Python. */
export const pythonClients: readonly Peer[] = [
  pythonPeer('alibabacloud-credentials', [environmentWay(chain), uriWay(chain), externalWay(chain)]),
  pythonPeer('aliyun-python-sdk-core', [environmentWay(program('sdk_core.py'))]),
  pythonPeer('oss2', [environmentWay(oss1), uriWay(oss1)]),
  pythonPeer('alibabacloud-oss-v2', [environmentWay(oss2), uriWay(oss2)]),
  pythonPeer('aliyun-log-python-sdk', [environmentWay(log), uriWay(log)]),
  pythonPeer('pyodps', [environmentWay(maxcompute), uriWay(maxcompute)]),
  pythonPeer('boto3', awsWays(program('aws.py'))),
  pythonPeer('s3cmd', s3cmdWays(join(environment, 'bin', 's3cmd'))),
]
