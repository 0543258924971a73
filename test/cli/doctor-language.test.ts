import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useTranslations } from '../../src/kit/index.ts'
import { recordPlanted, writeAcsSso, writeAliyun } from '../support/foreign-home.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { makeHome, runSesame } from '../support/sesame.ts'

runCommandsHere()

let home: string
let remove: () => void
beforeEach(() => {
  recordPlanted()
  ;({ home, remove } = makeHome())
})
afterEach(() => {
  useTranslations({})
  remove()
})

const chinese = { SESAME_LANGUAGE: 'zh' }

async function doctor(env: Record<string, string>, ...words: string[]) {
  useTranslations({})
  return runSesame(['doctor', '--offline', ...words], { home, env: { SESAME_STORE: 'plaintext', ...env } })
}

function configure(text: string): string {
  const directory = join(home, '.config', 'sesame')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  writeFileSync(join(directory, 'config.json'), text, { mode: 0o600 })
  return directory
}

const profiles = {
  version: 1,
  currentProfile: 'gone',
  profiles: {
    dev: { kind: 'cloudsso', signInUrl: 'https://signin.example/start/login' },
    ops: { kind: 'cloudsso' },
  },
}

/** Homes in which something is wrong, each with the variables of its shell. */
const homes: Record<string, () => Record<string, string>> = {
  empty: () => ({}),
  'with a broken configuration': () => {
    configure('{')
    return {}
  },
  'with what others can write': () => {
    chmodSync(configure(JSON.stringify(profiles)), 0o722)
    return {}
  },
  'with a state that is a file': () => {
    writeFileSync(join(home, 'file'), '')
    return { SESAME_STATE_DIR: join(home, 'file') }
  },
  'with an unknown store': () => {
    configure(JSON.stringify(profiles))
    return { SESAME_STORE: 'nowhere' }
  },
  'with secrets of other tools': () => {
    configure(JSON.stringify(profiles))
    writeAcsSso(home, { signInUrl: undefined, profiles: { dev: '1:c' } })
    writeAliyun(home, [{ name: 'default', mode: 'AK', access_key_id: 'LTAI', access_key_secret: 'x' }])
    writeFileSync(join(home, '.ossutilconfig'), 'accessKeySecret=x\n', { mode: 0o644 })
    return { ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.a', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'b', ACCESS_KEY_ID: 'c' }
  },
}

const columns = (line: string) => /^\S+ +\S+ +/.exec(line)?.[0] ?? ''
const messageOf = (line: string) => line.slice(columns(line).length).split('  ->  ')[0] ?? ''
const lines = (text: string) => text.trimEnd().split('\n')

describe('doctor for Chinese users', () => {
  it.each(Object.keys(homes))('says in Chinese what is wrong in a home %s', async (name) => {
    const env = homes[name]?.() ?? {}
    const english = await doctor(env)
    const translated = await doctor({ ...env, ...chinese })
    expect(translated.code).toBe(english.code)
    // The first two columns are the words of the JSON, so that they can be searched for.
    expect(lines(translated.stdout).map(columns)).toEqual(lines(english.stdout).map(columns))
    const messages = lines(translated.stdout).map(messageOf)
    expect(messages.filter((message) => !/\p{Script=Han}/u.test(message))).toEqual([])
  })

  it.each(Object.keys(homes))('prints for programs what it prints in English, in a home %s', async (name) => {
    const env = homes[name]?.() ?? {}
    const english = await doctor(env, '--json')
    const translated = await doctor({ ...env, ...chinese }, '--json')
    expect(translated.stdout).toBe(english.stdout)
    expect(JSON.parse(english.stdout)).not.toEqual([])
  })

  it('says in Chinese what it fixes, and prints for programs what is left in English', async () => {
    const directory = configure(JSON.stringify(profiles))
    chmodSync(directory, 0o722)
    const { stdout, stderr } = await doctor(chinese, '--fix', '--yes', '--json')
    expect(stderr).toContain('其他用户可以写入')
    expect(stderr).toContain(`正在修复：chmod 700 ${directory}`)
    expect(stdout).not.toMatch(/其他用户|当前/)
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ message: 'the current profile gone does not exist' }),
    )
  })
})
