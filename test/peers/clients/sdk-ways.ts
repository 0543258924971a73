import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client, ClientWorld, StepName, Way, WayName } from './client.ts'
import {
  assertOurs,
  inClientWorld,
  runWords,
  saveRecipe,
  sesame,
  startClient,
  succeeded,
  underExec,
} from './client-world.ts'

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

/** Where a profile gives nothing, a chain asks the metadata service of ECS, which is nowhere here. */
const noMetadata = { ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' }

/** A profile of the aliyun CLI, of mode External, which the default chain reads. */
export function externalWay(program: Program, details: WayDetails = {}): Way {
  const run = (world: ClientWorld, ...mode: readonly string[]) =>
    runWords(world, program(world.cloud.host, ...mode), noMetadata)
  return {
    name: 'External',
    prepare: async (world) =>
      void (await sesame(world, ['configure', '--for', 'aliyun', '--profile', 'dev'])),
    call: (world) => run(world),
    atOnce: (world, count) => run(world, '--at-once', String(count)),
    start: (world) => startClient(world, program(world.cloud.host, '--lines'), noMetadata),
    signInNeeded: { code: 1, says: /sesame login --profile dev/ },
    ...details,
  }
}

/** The steps of a way that fail for one fault of the client. */
export function knownSteps(
  way: WayName,
  steps: readonly StepName[],
  why: string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(steps.map((step) => [`${way}: ${step}`, why]))
}

/** The script that `configure --for TOOL` prints, with the program behind it. */
export function recipeStep(tool: string, program: Program): NonNullable<Client['more']>[number] {
  return [
    'recipe: signed call',
    () =>
      inClientWorld({}, async (world) => {
        const script = await saveRecipe(world, tool)
        succeeded(await runWords(world, [script, ...program(world.cloud.host)]))
        assertOurs(world)
      }),
  ]
}

const other = { id: 'LTAI-other-account', secret: 'secret-of-other-account' }

/** Each goes before what `exec` hands over in some client (case 191). */
const otherVariables: Record<string, string> = {
  ...{ ALIYUN_ACCESS_KEY_ID: other.id, ALIYUN_ACCESS_KEY_SECRET: other.secret },
  ...{ ALIBABA_CLOUD_ACCESS_KEY_ID: other.id, ALIBABA_CLOUD_ACCESS_KEY_SECRET: other.secret },
  ...{ OSS_ACCESS_KEY_ID: other.id, OSS_ACCESS_KEY_SECRET: other.secret, OSS_SESSION_TOKEN: 'stale' },
  ...{ ODPS_STS_ACCESS_KEY_ID: other.id, ODPS_STS_ACCESS_KEY_SECRET: other.secret, ODPS_STS_TOKEN: 'stale' },
  ...{ ALIYUN_LOG_CLI_ACCESSID: other.id, ALIYUN_LOG_CLI_ACCESSKEY: other.secret },
  ...{ ALIYUN_LOG_CLI_STS_TOKEN: 'stale', ODPS_BEARER_TOKEN: 'stale' },
  ...{ AccountID: '1', AccessKeyID: other.id, AccessKeySecret: other.secret },
  ...{ ALIBABA_CLOUD_PROFILE: 'other', ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:9/other' },
}

/** The files from which a default chain takes keys before it asks a credentials URI (case 190). */
function writeOtherFiles({ home }: ClientWorld): void {
  const write = (folder: string, file: string, text: string) => {
    mkdirSync(join(home.home, folder), { recursive: true, mode: 0o700 })
    writeFileSync(join(home.home, folder, file), text, { mode: 0o600 })
  }
  const ini = `enable = true\ntype = access_key\naccess_key_id = ${other.id}\naccess_key_secret = ${other.secret}\n`
  for (const name of ['credentials', 'credentials.ini'])
    write('.alibabacloud', name, `[default]\n${ini}[other]\n${ini}`)
  const keys = { access_key_id: other.id, access_key_secret: other.secret, region_id: 'cn-beijing' }
  const profile = { name: 'other', mode: 'AK', ...keys }
  write('.aliyun', 'config.json', JSON.stringify({ current: 'other', profiles: [profile] }))
}

/** `exec` in a shell and a HOME that hold keys of another account wherever clients look for some. */
export function besideOtherKeys(
  program: Program,
  ways: readonly ('environment' | 'credentials URI')[],
): NonNullable<Client['more']> {
  return ways.map((way) => [
    `${way}: beside keys of another account`,
    () =>
      inClientWorld({}, async (world) => {
        writeOtherFiles(world)
        const words = underExec(way === 'environment' ? [] : ['--server'], program(world.cloud.host))
        succeeded(await runWords(world, words, otherVariables))
        assertOurs(world)
      }),
  ])
}
