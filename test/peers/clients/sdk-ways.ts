import type { ClientWorld, Way } from './client.ts'
import { runWords, sesame, startClient, underExec } from './client-world.ts'

/**
 * The command line of a program that calls the service at an address: once, or with `--at-once N` so often at the same time,
 * or with `--lines` once for each line of its standard input.
 */
export type Program = (address: string, ...mode: readonly string[]) => readonly string[]

/** What a way has that differs from client to client. */
export type WayDetails = Partial<Omit<Way, 'name'>>

/** `sesame exec`, with the keys in the environment. */
export function environmentWay(program: Program, details: WayDetails = {}): Way {
  const run = (world: ClientWorld, ...mode: readonly string[]) =>
    runWords(world, underExec([], program(world.cloud.host, ...mode)))
  return {
    name: 'environment',
    call: (world) => run(world),
    atOnce: (world, count) => run(world, '--at-once', String(count)),
    ...details,
  }
}

/** A proxy at which nothing is: a client that asks it for the credentials gets none (case 192). */
const deadProxy = { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' }

/** `sesame exec --server`: the client gets an address, and new credentials while it runs. */
export function uriWay(program: Program, details: WayDetails = {}): Way {
  const words = (world: ClientWorld, mode: readonly string[]) =>
    underExec(['--server'], program(world.cloud.host, ...mode))
  return {
    name: 'credentials URI',
    call: (world) => runWords(world, words(world, []), deadProxy),
    atOnce: (world, count) => runWords(world, words(world, ['--at-once', String(count)]), deadProxy),
    start: (world) => startClient(world, words(world, ['--lines']), deadProxy),
    ...details,
  }
}

/** A profile of the aliyun CLI, of mode External, which the default chain reads. */
export function externalWay(program: Program, details: WayDetails = {}): Way {
  const run = (world: ClientWorld, ...mode: readonly string[]) =>
    runWords(world, program(world.cloud.host, ...mode))
  return {
    name: 'External',
    prepare: async (world) =>
      void (await sesame(world, ['configure', '--for', 'aliyun', '--profile', 'dev'])),
    call: (world) => run(world),
    atOnce: (world, count) => run(world, '--at-once', String(count)),
    start: (world) => startClient(world, program(world.cloud.host, '--lines')),
    signInNeeded: { code: 1, says: /sesame login --profile dev/ },
    ...details,
  }
}
