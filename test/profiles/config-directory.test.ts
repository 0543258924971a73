import { describe, expect, test } from 'vitest'
import { cacheDirectory, configDirectory } from '../../src/profiles/config-directory.ts'

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
