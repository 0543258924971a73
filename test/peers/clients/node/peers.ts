import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Peer } from '../../peer.ts'
import type { Client, Way } from '../client.ts'
import { assertOurs, inClientWorld, runWords, startClient, succeeded, underExec } from '../client-world.ts'
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

const modules = join(import.meta.dirname, '..', '..', '..', '..', 'node_modules')

/** A program of this folder. */
function program(file: string): Program {
  return (address, ...mode) => [process.execPath, join(import.meta.dirname, file), address, ...mode]
}

/** The library of this package in the client's own process. */
function libraryWay(of: Program): Way {
  return {
    name: 'library',
    call: (world) => runWords(world, of(world.cloud.host)),
    atOnce: (world, count) => runWords(world, of(world.cloud.host, '--at-once', String(count))),
    start: (world) => startClient(world, of(world.cloud.host, '--lines')),
    signInNeeded: { code: 1, says: /sesame login --profile dev/ },
  }
}

function nodePeer(name: string, about: Pick<Client, 'ways' | 'known' | 'more'>): Peer {
  const { version } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'))
  const missing = async () => undefined
  return clientPeer({ name, quick: false, missing, version: async () => version, ...about })
}

const chain = program('credentials.mjs')
const explicit = program('credentials-uri.mjs')

const race = 'its default chain fails for calls that begin before the first has ended'
const chainFaults = {
  ...knownSteps('credentials URI', ['50 at once'], race),
  ...knownSteps(
    'credentials URI',
    ['sign-in over while it runs'],
    'while no new credentials are to be had it goes on with those that have expired',
  ),
  ...knownSteps('External', ['50 at once'], race),
  ...knownSteps(
    'External',
    ['no secret on disk'],
    'it writes what the command of an External profile gives into ~/.aliyun/config.json',
  ),
}

async function explicitAtOnce(): Promise<void> {
  await inClientWorld({}, async (world) => {
    const words = explicit(world.cloud.host, '--at-once', '50')
    succeeded(await runWords(world, underExec(['--server'], words)))
    assertOurs(world, 50)
  })
}

/** The SDKs for Node.js that this package is tested with anyway. */
export const nodeClients: readonly Peer[] = [
  nodePeer('@alicloud/credentials', {
    ways: [environmentWay(chain), uriWay(chain), externalWay(chain)],
    known: chainFaults,
    more: [
      recipeStep('sdk', chain),
      ['credentials URI: 50 at once, without the default chain', explicitAtOnce],
      ...besideOtherKeys(chain, ['environment', 'credentials URI']),
    ],
  }),
  nodePeer('@alicloud/sts20150401', { ways: [libraryWay(program('library.mjs'))] }),
  nodePeer('ali-oss', { ways: [libraryWay(program('object-storage.mjs'))] }),
]
