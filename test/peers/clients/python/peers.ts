import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { execFileSync } from '../../../support/run-sync.ts'
import { findProgram, peersCache } from '../../find-program.ts'
import type { Missing, Peer } from '../../peer.ts'
import type { Client } from '../client.ts'
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
import { awsClient, s3cmdClient } from './aws-ways.ts'

const requirements = join(import.meta.dirname, 'requirements.txt')
const environment = join(peersCache, 'python-clients')
/** Beside the packages: which ones they are, once all are there. */
const installed = join(environment, 'installed.txt')
const python = join(environment, 'bin', 'python')

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

function pythonPeer(name: string, about: Pick<Client, 'ways' | 'known' | 'more'>): Peer {
  return clientPeer({ name, quick: false, missing, install, version: async () => versionOf(name), ...about })
}

const chain = program('credentials.py')
const core = program('sdk_core.py')

/** A client that takes its own variables, and that a program can give the chain of alibabacloud-credentials. */
function bothWays(of: Program, known: Peer['known'] = {}): Pick<Client, 'ways' | 'known' | 'more'> {
  return {
    ways: [environmentWay(of), uriWay(of)],
    known,
    more: [recipeStep('python', of), ...besideOtherKeys(of, ['environment', 'credentials URI'])],
  }
}

/** The SDKs and tools for Python. */
export const pythonClients: readonly Peer[] = [
  pythonPeer('alibabacloud-credentials', {
    ways: [environmentWay(chain), uriWay(chain), externalWay(chain)],
    known: knownSteps(
      'External',
      ['no secret on disk'],
      'it writes what the command of an External profile gives into ~/.aliyun/config.json',
    ),
    more: [recipeStep('python', chain), ...besideOtherKeys(chain, ['environment', 'credentials URI'])],
  }),
  pythonPeer('aliyun-python-sdk-core', {
    ways: [environmentWay(core)],
    more: besideOtherKeys(core, ['environment']),
  }),
  pythonPeer('oss2', bothWays(program('oss_1.py'))),
  pythonPeer('alibabacloud-oss-v2', bothWays(program('oss_2.py'))),
  pythonPeer('aliyun-log-python-sdk', bothWays(program('log.py'))),
  pythonPeer(
    'pyodps',
    bothWays(
      program('maxcompute.py'),
      knownSteps(
        'credentials URI',
        ['sign-in over while it runs'],
        'it hides why the credentials library gave nothing behind an error of its own',
      ),
    ),
  ),
  pythonPeer('boto3', awsClient(program('aws.py'))),
  pythonPeer('s3cmd', s3cmdClient(join(environment, 'bin', 's3cmd'))),
]
