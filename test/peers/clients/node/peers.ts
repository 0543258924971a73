import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Peer } from '../../peer.ts'
import type { Way } from '../client.ts'
import { runWords, startClient } from '../client-world.ts'
import { environmentWay, externalWay, type Program, uriWay } from '../sdk-ways.ts'
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

function nodePeer(name: string, ways: readonly Way[], known: Peer['known'] = {}): Peer {
  const { version } = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8'))
  return clientPeer({
    name,
    quick: true,
    missing: async () => undefined,
    version: async () => version,
    ways,
    known,
  })
}

const chain = program('credentials.mjs')

/** The SDKs for Node.js that this package is tested with anyway. */
export const nodeClients: readonly Peer[] = [
  nodePeer('@alicloud/credentials', [environmentWay(chain), uriWay(chain), externalWay(chain)]),
  nodePeer('@alicloud/sts20150401', [libraryWay(program('library.mjs'))]),
  nodePeer('ali-oss', [libraryWay(program('object-storage.mjs'))]),
]
