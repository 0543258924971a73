import { strict as assert } from 'node:assert'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finished } from '../../../support/sesame.ts'
import type { ClientWorld } from '../client.ts'
import { assertOurs, inClientWorld, sesame, succeeded } from '../client-world.ts'

/** One release of the aliyun CLI. */
export interface AliyunCli {
  /** A signed call, with further words on its command line. */
  call(world: ClientWorld, more?: readonly string[], env?: Record<string, string>): Promise<Finished>
  /** The same under `sesame exec` with options of that. */
  underExec(world: ClientWorld, options?: readonly string[], more?: readonly string[]): Promise<Finished>
  /** Any other command of it. */
  run(world: ClientWorld, words: readonly string[]): Promise<Finished>
}

/** What this CLI alone can show: its configuration, its regions, its switches. */
export function aliyunSteps(
  cli: AliyunCli,
  { knowsQuotes }: { knowsQuotes: boolean },
): readonly (readonly [string, () => Promise<void>])[] {
  const step = (name: string, run: (cli: AliyunCli, world: ClientWorld) => Promise<void>) =>
    [name, () => inClientWorld({}, (world) => run(cli, world))] as const
  return [
    step('exec goes before a current profile of its own', beforeOwnProfile),
    step('a region is said, and given', regionIsSaid),
    step('a current profile that gives nothing', currentOfNothing),
    step('what replaces a profile keeps its settings', keepsSettings),
    step('no copies, however often it is configured', noCopies),
    step('words in quotes', (...args) => wordsInQuotes(knowsQuotes, ...args)),
    step('warnings beside the credentials', warningsBeside),
    step('exec --server', execServer),
  ]
}

const directoryOf = ({ home }: ClientWorld) => join(home.home, '.aliyun')
const fileOf = (world: ClientWorld) => join(directoryOf(world), 'config.json')

function writeConfig(world: ClientWorld, config: object): void {
  mkdirSync(directoryOf(world), { recursive: true, mode: 0o700 })
  writeFileSync(fileOf(world), `${JSON.stringify(config, null, '\t')}\n`, { mode: 0o600 })
}

function readConfig(world: ClientWorld): { current: string; profiles: Record<string, string>[] } {
  return JSON.parse(readFileSync(fileOf(world), 'utf8'))
}

const own = {
  name: 'own',
  mode: 'AK',
  access_key_id: 'LTAI-own',
  access_key_secret: 'own-secret',
  region_id: 'cn-beijing',
  output_format: 'json',
  language: 'zh',
}

function configureFor(world: ClientWorld, words: readonly string[] = []) {
  return world.home.run(['configure', '--for', 'aliyun', '--profile', 'dev', ...words])
}

async function beforeOwnProfile(cli: AliyunCli, world: ClientWorld): Promise<void> {
  writeConfig(world, { current: 'own', profiles: [own], meta_path: '' })
  succeeded(await cli.underExec(world))
  assertOurs(world)
}

async function regionIsSaid(cli: AliyunCli, world: ClientWorld): Promise<void> {
  await sesame(world, ['configure', '--profile', 'dev', '--region', 'cn-shanghai'])
  const silent = await cli.underExec(world)
  succeeded(silent)
  assert.match(silent.stderr, /--region cn-shanghai/)
  assert.deepEqual(
    assertOurs(world).map(({ region }) => region),
    ['cn-hangzhou'],
  )
  const given = await cli.underExec(world, [], ['--region', 'cn-shanghai'])
  succeeded(given)
  assert.equal(given.stderr, '')
  assert.deepEqual(
    assertOurs(world).map(({ region }) => region),
    ['cn-shanghai'],
  )
}

async function currentOfNothing(cli: AliyunCli, world: ClientWorld): Promise<void> {
  const blank = { name: 'default', mode: '', region_id: '', output_format: 'json', language: 'en' }
  for (const [current, profiles] of [
    ['default', []],
    ['default', null],
    ['gone', [own]],
    ['default', [blank]],
  ] as const) {
    writeConfig(world, { current, profiles, meta_path: '' })
    succeeded(await configureFor(world))
    succeeded(await cli.call(world))
    assertOurs(world)
  }
}

async function keepsSettings(cli: AliyunCli, world: ClientWorld): Promise<void> {
  writeConfig(world, { current: 'dev', profiles: [{ ...own, name: 'dev' }], meta_path: '' })
  succeeded(await configureFor(world, ['--overwrite']))
  succeeded(await cli.call(world))
  assert.deepEqual(
    assertOurs(world).map(({ region }) => region),
    ['cn-beijing'],
  )
  const { current, profiles } = readConfig(world)
  assert.equal(current, 'dev')
  assert.equal(profiles[0]?.language, 'zh')
}

/** The CLI writes its file anew each time it is configured, with every member that it knows; and ours changes each time. */
async function noCopies(cli: AliyunCli, world: ClientWorld): Promise<void> {
  writeConfig(world, { current: 'own', profiles: [own], meta_path: '' })
  for (const language of ['zh', 'en', 'zh']) {
    const region = language === 'zh' ? 'cn-shanghai' : 'cn-beijing'
    succeeded(await configureFor(world, ['--region', region]))
    succeeded(await cli.run(world, ['configure', 'set', '--profile', 'own', '--language', language]))
  }
  succeeded(await configureFor(world))
  assert.deepEqual(
    readdirSync(directoryOf(world)).filter((name) => name.includes('.bak')),
    [],
  )
  succeeded(await cli.call(world, ['--profile', 'dev']))
  assert.deepEqual(
    assertOurs(world).map(({ region }) => region),
    ['cn-shanghai'],
  )
}

/** A release that does not know quotes cannot run the command, and the output of sesame said so. */
async function wordsInQuotes(knowsQuotes: boolean, cli: AliyunCli, world: ClientWorld): Promise<void> {
  await sesame(world, ['configure', '--profile', 'my dev', '--signin-url', world.portal.signInUrl])
  await sesame(world, ['login', '--profile', 'my dev'])
  const { stderr } = await world.home.run(['configure', '--for', 'aliyun', '--profile', 'my dev'])
  assert.match(stderr, /3\.4\.9/)
  const { code } = await cli.call(world, ['--profile', 'my dev'])
  assert.equal(code === 0, knowsQuotes)
}

/** What a configuration that others can read makes sesame say must not be read into the JSON. */
async function warningsBeside(cli: AliyunCli, world: ClientWorld): Promise<void> {
  succeeded(await configureFor(world))
  chmodSync(join(world.home.directory, 'config.json'), 0o644)
  succeeded(await cli.call(world, ['--profile', 'dev']))
  assertOurs(world)
}

async function execServer(cli: AliyunCli, world: ClientWorld): Promise<void> {
  const done = await cli.underExec(world, ['--server'])
  succeeded(done)
  assert.match(done.stderr, /reads no credentials URI/)
  assertOurs(world)
}
