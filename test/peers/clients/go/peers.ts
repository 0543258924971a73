import { strict as assert } from 'node:assert'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { shellWord } from '../../../../src/kit/index.ts'
import { sesamePath } from '../../../support/sesame.ts'
import type { Peer } from '../../peer.ts'
import type { ClientWorld, Way } from '../client.ts'
import {
  inClientWorld,
  runWords,
  saveRecipe,
  sesame,
  startClient,
  succeeded,
  underExec,
} from '../client-world.ts'
import { clientPeer } from '../steps.ts'
import { buildGo, goModuleVersion, goProgram, missingGo } from './build.ts'

interface Program {
  name: 'credentials' | 'oss' | 'sdk'
  env?: Record<string, string>
}

/** A program under `sesame exec` with these options: alone, with many calls at once, or as one that runs on. */
function waysUnderExec(options: readonly string[], { name, env = {} }: Program): Omit<Way, 'name'> {
  const words = ({ cloud }: ClientWorld, mode: readonly string[]) =>
    underExec(options, [goProgram(name), cloud.host, ...mode])
  return {
    call: (world) => runWords(world, words(world, ['once']), env),
    atOnce: (world, count) => runWords(world, words(world, ['at-once', String(count)]), env),
    ...(options.includes('--server') && {
      start: (world: ClientWorld) => startClient(world, words(world, ['lines']), env),
    }),
  }
}

function goPeer(
  name: string,
  {
    module = name,
    ...rest
  }: { module?: string } & Pick<Parameters<typeof clientPeer>[0], 'ways' | 'more' | 'known'>,
): Peer {
  return clientPeer({
    name,
    quick: false,
    missing: async () => missingGo(name),
    install: buildGo,
    version: async () => goModuleVersion(module),
    ...rest,
  })
}

/** What an SDK needs to take the profile of the aliyun CLI; no service of a cloud server is asked for a role. */
const cliProfile = { ALIBABA_CLOUD_PROFILE: 'dev', ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true' }

const configureAliyun = async (world: ClientWorld) => {
  await sesame(world, ['configure', '--for', 'aliyun', '--profile', 'dev'])
}

const external: Way = {
  name: 'External',
  prepare: configureAliyun,
  call: (world) => runWords(world, [goProgram('credentials'), world.cloud.host, 'once'], cliProfile),
  atOnce: (world, count) =>
    runWords(world, [goProgram('credentials'), world.cloud.host, 'at-once', String(count)], cliProfile),
  signInNeeded: { code: 1, says: /sesame login --profile dev/ },
}

/** The library has written secrets into the CLI's file: they are found, and taken out again, also from a copy of it. */
async function writtenBack(): Promise<void> {
  await inClientWorld({}, async (world) => {
    await configureAliyun(world)
    succeeded(await external.call(world))
    const path = join(world.home.home, '.aliyun', 'config.json')
    const copy = `${path}.bak-20261101T000000000Z`
    copyFileSync(path, copy)
    const holdsSecret = (file: string) => {
      const text = readFileSync(file, 'utf8')
      return world.portal.issued.some(({ value }) => text.includes(value))
    }
    assert.deepEqual([path, copy].map(holdsSecret), [true, true])
    const { stdout } = await world.home.run(['doctor'])
    assert.match(stdout, /\.aliyun\/config\.json/)
    await configureAliyun(world)
    assert.deepEqual([path, copy].map(holdsSecret), [false, false])
    succeeded(await external.call(world))
  })
}

/** A refusal of the portal reaches the user of the program: its code, and the request for the support. */
async function portalRefuses(): Promise<void> {
  await inClientWorld({ sessionSeconds: 8 }, async (world) => {
    const way = waysUnderExec(['--server'], { name: 'credentials' })
    const client = way.start?.(world)
    assert.ok(client !== undefined)
    assert.equal(await client.call(), 'ok')
    const body = { ErrorCode: 'Forbidden.Peer', ErrorMessage: 'No.', RequestId: 'request-of-the-portal' }
    world.portal.fault('POST /cloud-credentials', { kind: 'json', status: 403, body }, { times: 1000 })
    let said = 'ok'
    while (said === 'ok') said = await client.call()
    await client.end()
    assert.match(said, /Forbidden\.Peer/)
    assert.match(said, /request-of-the-portal/)
  })
}

/** The script of `configure --for go`, which hands over the environment. */
const recipe: Way = {
  name: 'recipe',
  prepare: async (world) => void (await saveRecipe(world, 'go')),
  call: (world) => runRecipe(world, ['once']),
  atOnce: (world, count) => runRecipe(world, ['at-once', String(count)]),
}

function runRecipe(world: ClientWorld, mode: readonly string[]) {
  return runWords(world, [
    join(world.home.home, 'go.sh'),
    goProgram('credentials'),
    world.cloud.host,
    ...mode,
  ])
}

/** With the type named there is no chain whose links race for the first call. */
async function typeNamed(): Promise<void> {
  await inClientWorld({}, async (world) => {
    const named = { name: 'credentials', env: { CREDENTIALS_TYPE: 'credentials_uri' } } as const
    const done = await waysUnderExec(['--server'], named).atOnce?.(world, 50)
    assert.ok(done !== undefined)
    succeeded(done)
  })
}

const credentialsGo = goPeer('credentials-go', {
  ways: [
    { name: 'environment', ...waysUnderExec([], { name: 'credentials' }) },
    { name: 'credentials URI', ...waysUnderExec(['--server'], { name: 'credentials' }) },
    external,
    recipe,
  ],
  more: [
    ['type credentials_uri: 50 at once', typeNamed],
    ['a refusal of the portal', portalRefuses],
    ['what it wrote into the CLI’s file is removed', writtenBack],
  ],
  known: {
    'credentials URI: 50 at once':
      'the links of its default chain race for the first call; name the type credentials_uri',
    'External: 50 at once': 'the links of its default chain race for the first call',
    'External: no secret on disk': 'it writes what the command printed into ~/.aliyun/config.json',
  },
})

const byUri: Program = { name: 'oss', env: { CREDENTIALS: 'uri' } }

/** Its own provider runs a command by the shell: the process of ossutil 2. */
const byProcess = {
  CREDENTIALS: [process.execPath, sesamePath, 'credentials', '--profile', 'dev', '--format', 'ossutil']
    .map(shellWord)
    .join(' '),
}

const ossGo = goPeer('alibabacloud-oss-go-sdk-v2', {
  ways: [
    { name: 'environment', ...waysUnderExec([], { name: 'oss', env: { CREDENTIALS: 'env' } }) },
    { name: 'credentials URI', ...waysUnderExec(['--server'], byUri) },
    {
      name: 'External',
      call: (world) => runWords(world, [goProgram('oss'), world.cloud.host, 'once'], byProcess),
      start: (world) => startClient(world, [goProgram('oss'), world.cloud.host, 'lines'], byProcess),
      signInNeeded: { code: 1, says: /exit status 3/ },
      lacks: { 'sign-in over while it runs': 'it does not show what the command says' },
    },
  ],
})

const sdkGo = goPeer('alibaba-cloud-sdk-go', {
  ways: [
    { name: 'environment', ...waysUnderExec([], { name: 'sdk' }) },
    { name: 'credentials URI', ...waysUnderExec(['--server'], { name: 'sdk' }) },
  ],
  known: {
    'credentials URI: 50 at once': 'the links of its default chain race for the first call',
  },
})

/** The SDKs of Go, each with a small program of ours that is built when it is asked for. */
export const goClients: readonly Peer[] = [credentialsGo, ossGo, sdkGo]
