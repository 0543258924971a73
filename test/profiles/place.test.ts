import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { findPlace } from '../../src/profiles/index.ts'
import { cacheDirectory, configDirectory } from '../../src/profiles/place.ts'

let home = ''
const place = (env: Record<string, string> = {}, platform: NodeJS.Platform = 'linux') =>
  findPlace({ env: { HOME: home, ...env }, platform, homeDirectory: home })

function makeHome(): string {
  home = realpathSync(mkdtempSync(join(tmpdir(), 'sesame-place-')))
  return home
}

afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('[case 131] where the state is', () => {
  test('beside all other states, unless the environment says otherwise', () => {
    const usual = join(makeHome(), '.local', 'state', 'sesame')
    const configuration = join(home, '.config', 'sesame')
    expect(place()).toEqual({ configuration, state: usual, identity: '', usualState: usual })
    expect(place({ XDG_STATE_HOME: 'relative', SESAME_STATE_DIR: '' }).state).toBe(usual)
    expect(place({ XDG_STATE_HOME: '/xdg' }).state).toBe('/xdg/sesame')
    expect(place({ SESAME_STATE_DIR: '/own', XDG_STATE_HOME: '/xdg' }).state).toBe('/own')
    expect(place({ LOCALAPPDATA: '/c/Local', APPDATA: '/c/Roaming' }, 'win32')).toEqual({
      configuration: '/c/Roaming/sesame',
      state: '/c/Local/sesame',
      identity: '',
      usualState: '/c/Local/sesame',
    })
  })

  test('a relative SESAME_STATE_DIR is ERR_CONFIG', () => {
    makeHome()
    expect(() => place({ SESAME_STATE_DIR: 'state' })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG' }),
    )
  })

  test('a configuration directory of its own has its state inside', () => {
    const own = join(makeHome(), 'own')
    expect(place({ SESAME_CONFIG_DIR: own }).state).toBe(join(own, 'state'))
    mkdirSync(own)
    expect(place({ SESAME_CONFIG_DIR: own }).state).toBe(join(own, 'state'))
    symlinkSync(own, join(home, 'link'))
    expect(place({ SESAME_CONFIG_DIR: join(home, 'link') })).toEqual({
      ...place({ SESAME_CONFIG_DIR: own }),
      configuration: join(home, 'link'),
    })
  })

  test('one that cannot be written has it in the usual place, in a directory of its own', () => {
    makeHome()
    // Nothing can be made there, by root neither.
    const { state } = place({ SESAME_CONFIG_DIR: '/proc/self' })
    expect(state).toMatch(new RegExp(`^${home}/.local/state/sesame/[0-9a-f]{16}$`))
    expect(place({ SESAME_CONFIG_DIR: '/proc/sys' }).state).not.toBe(state)
    expect(place({ SESAME_CONFIG_DIR: '/proc/self', XDG_STATE_HOME: '/xdg' }).state).toMatch(
      /^\/xdg\/sesame\//,
    )
  })
})

describe('[case 127] [case 128] the identity of a configuration', () => {
  test('only the usual directory, by whatever name, has none before its item names', () => {
    const usual = join(makeHome(), '.config', 'sesame')
    mkdirSync(usual, { recursive: true })
    symlinkSync(usual, join(home, 'link'))
    expect(place().identity).toBe('')
    for (const name of [usual, join(home, 'link'), `${usual}/`, join(usual, '..', 'sesame')])
      expect(place({ SESAME_CONFIG_DIR: name })).toMatchObject({ identity: '', state: place().state })
    expect(place({ XDG_CONFIG_HOME: join(home, '.config') }).identity).toBe('')
  })

  test('a service without a home finds the state of the user whose usual directory it names', () => {
    const usual = join(makeHome(), '.config', 'sesame')
    for (const HOME of ['', '/nonexistent'])
      expect(place({ HOME, SESAME_CONFIG_DIR: usual })).toEqual({ ...place(), configuration: usual })
  })

  test('every other pair of configuration and state has its own', () => {
    makeHome()
    const environments = [
      {},
      { SESAME_CONFIG_DIR: join(home, 'a') },
      { SESAME_CONFIG_DIR: join(home, 'b') },
      { XDG_CONFIG_HOME: join(home, 'c') },
      { XDG_CONFIG_HOME: join(home, 'd') },
      { SESAME_STATE_DIR: join(home, 'state') },
      { XDG_STATE_HOME: join(home, 'state') },
      { SESAME_CONFIG_DIR: join(home, 'a'), SESAME_STATE_DIR: join(home, 'state') },
    ]
    const identities = environments.map((env) => place(env).identity)
    expect(new Set(identities).size).toBe(environments.length)
    for (const identity of identities.slice(1)) expect(identity).toMatch(/^[0-9a-f]{16}:$/)
  })
})

const at = (env: Record<string, string>, homeDirectory = '/home/me', platform: NodeJS.Platform = 'linux') =>
  configDirectory({ env, homeDirectory, platform })

describe('[case 90] where the configuration is', () => {
  test.each([
    [{}, '/home/me/.config/sesame'],
    [{ XDG_CONFIG_HOME: '/xdg' }, '/xdg/sesame'],
    [{ XDG_CONFIG_HOME: '' }, '/home/me/.config/sesame'],
    [{ XDG_CONFIG_HOME: 'xdg' }, '/home/me/.config/sesame'],
    [{ XDG_CONFIG_HOME: './xdg' }, '/home/me/.config/sesame'],
    [{ SESAME_CONFIG_DIR: '/own', XDG_CONFIG_HOME: '/xdg' }, '/own'],
    [{ SESAME_CONFIG_DIR: '', XDG_CONFIG_HOME: '/xdg' }, '/xdg/sesame'],
  ])('%j: %s', (env, directory) => {
    expect(at(env)).toBe(directory)
  })

  test.each([
    [{ SESAME_CONFIG_DIR: 'own' }, '/home/me'],
    [{ SESAME_CONFIG_DIR: '~/own' }, '/home/me'],
    [{}, ''],
    [{}, 'home'],
    [{ XDG_CONFIG_HOME: 'xdg' }, ''],
  ])('%j with home %j is ERR_CONFIG', (env, home) => {
    expect(() => at(env, home)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG' }))
  })

  test('on Windows it is in %APPDATA%', () => {
    expect(at({ APPDATA: '/c/Users/me/AppData' }, '/c/Users/me', 'win32')).toBe('/c/Users/me/AppData/sesame')
  })
})

describe('where what can be made again is kept', () => {
  test.each<[NodeJS.Platform, Record<string, string>, string, string | undefined]>([
    ['linux', {}, '/home/me', '/home/me/.cache/sesame'],
    ['linux', { XDG_CACHE_HOME: '/xdg' }, '/home/me', '/xdg/sesame'],
    ['linux', { XDG_CACHE_HOME: 'xdg' }, '/home/me', '/home/me/.cache/sesame'],
    ['darwin', {}, '/Users/me', '/Users/me/Library/Caches/sesame'],
    ['darwin', { XDG_CACHE_HOME: '/xdg' }, '/Users/me', '/xdg/sesame'],
    ['win32', { LOCALAPPDATA: '/c/Local', XDG_CACHE_HOME: '/xdg' }, '/c/me', '/c/Local/sesame/cache'],
    ['win32', {}, '/c/me', '/c/me/AppData/Local/sesame/cache'],
    ['darwin', {}, '', undefined],
    ['linux', { XDG_CACHE_HOME: 'xdg' }, 'home', undefined],
  ])('%s %j with home %j: %s', (platform, env, homeDirectory, expected) => {
    expect(cacheDirectory({ platform, env, homeDirectory })).toBe(expected)
  })
})
