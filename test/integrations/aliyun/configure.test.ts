import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configureAliyun } from '../../../src/integrations/aliyun/configure.ts'
import type { Handover } from '../../../src/integrations/integration.ts'
import { type AliyunContent, aliyunConfigPath, readAliyunConfig } from '../../../src/profiles/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'

let home: string
let path: string
let said: string[]
let printed: string
const clock = fakeClock()

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'aliyun-'))
  path = aliyunConfigPath(home)
  mkdirSync(join(home, '.aliyun'), { mode: 0o700 })
  said = []
  printed = ''
})
afterEach(() => rmSync(home, { recursive: true }))

const write = (content: unknown, mode = 0o600) =>
  writeFileSync(
    path,
    typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    {
      mode,
    },
  )
const json = () => JSON.parse(readFileSync(path, 'utf8'))
const copies = () => readdirSync(join(home, '.aliyun')).filter((name) => name !== 'config.json')
const copy = () => readFileSync(join(home, '.aliyun', copies()[0] ?? ''), 'utf8')
const ours = {
  name: 'dev',
  mode: 'External',
  process_command: 'sesame credentials --profile dev --format json --quiet',
  region_id: 'cn-hangzhou',
  output_format: 'json',
  language: 'en',
}
const ak = {
  name: 'ak',
  mode: 'AK',
  access_key_id: 'LTAI',
  access_key_secret: 'sk-long-term',
  region_id: 'r',
}
const sso = {
  name: 'dev',
  mode: 'CloudSSO',
  region_id: 'cn-shanghai',
  language: 'zh',
  access_token: 'sk-bearer',
  access_key_secret: 'sk-borrowed',
}

async function configure(changes: Partial<Handover> = {}, env: Record<string, string> = {}) {
  said.length = 0
  await configureAliyun(
    {
      profile: 'dev',
      sesame: ['sesame'],
      region: undefined,
      accountId: undefined,
      regionHere: undefined,
      print: false,
      overwrite: false,
      ...changes,
    },
    {
      edges: { env, platform: 'linux', homeDirectory: home },
      session: { clock, signal: new AbortController().signal, withLock: async (_name, work) => work() },
      interactive: false,
      print: (text) => {
        printed += text
      },
      notify: (line) => void said.push(line),
    },
  )
  return said.join('\n')
}

describe('[case 216] current profile', () => {
  test.each([
    ['an empty list, as "aliyun configure delete" leaves it', { current: 'default', profiles: [] }],
    ['null', { current: 'default', profiles: null }],
    ['no list', { current: 'default' }],
    ['a name of no profile', { current: 'gone', profiles: [{ ...ak, name: 'other' }] }],
    ['none at all', { profiles: [{ ...ak, name: 'other' }] }],
    ['an empty object', {}],
    [
      'the empty default of the CLI',
      {
        current: 'default',
        profiles: [{ name: 'default', mode: '', output_format: 'json', language: 'en' }],
      },
    ],
  ])('is ours where there is none: %s', async (_, content) => {
    write(content)
    const before: object[] = (content as { profiles?: object[] | null }).profiles ?? []
    expect(await configure()).toContain('It is the current profile of the aliyun CLI now')
    expect(json()).toMatchObject({ current: 'dev', profiles: [...before, ours] })
    expect(copies()).toEqual([])
    expect(await configure()).toContain('as it should be')
  })

  test('stays where it gives something', async () => {
    write({ current: 'ak', profiles: [ak] })
    expect(await configure()).not.toContain('current')
    expect(json()).toMatchObject({ current: 'ak', profiles: [ak, ours] })
  })

  test('an empty default that the CLI made is not the own profile of the user: it is filled without --overwrite', async () => {
    write({
      current: 'default',
      profiles: [{ name: 'default', mode: '', output_format: 'json', language: 'en' }],
    })
    await configure({ profile: 'default' })
    expect(json().profiles).toMatchObject([{ name: 'default', mode: 'External' }])
    expect(copies()).toEqual([])
    write({ current: 'default', profiles: [{ ...ak, name: 'default' }] })
    await expect(configure({ profile: 'default' })).rejects.toMatchObject({ code: 'ERR_CONFIG' })
  })

  test('every other byte stays when it is set', async () => {
    const text = '{ "n": 1.0e2,\r\n "Current" :"gone", "PROFILES":[ ], "meta_path":"x" }'
    write(text)
    await configure()
    const after = readFileSync(path, 'utf8')
    expect(after.startsWith('{ "n": 1.0e2,\r\n "Current" :"dev", "PROFILES":[')).toBe(true)
    expect(after.endsWith('], "meta_path":"x" }')).toBe(true)
  })
})

describe('[case 158] whatever form the file has', () => {
  const text = JSON.stringify({ current: 'ak', profiles: [ak] })
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
  test.each([
    ['a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16', utf16],
    ['UTF-16, the other way round', Buffer.from(utf16).swap16()],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
  ])('%s: it is understood, and made what the CLI can read', async (_, bytes) => {
    write(bytes)
    expect(await configure()).toContain('The file is UTF-8 now')
    expect(readFileSync(path)[0]).toBe(0x7b)
    expect(json()).toEqual({ current: 'ak', profiles: [ak, ours] })
    write(Buffer.from(`\ufeff${readFileSync(path, 'utf8')}`))
    expect(await configure()).toContain('The file is UTF-8 now')
    expect(json()).toEqual({ current: 'ak', profiles: [ak, ours] })
    expect(copies()).toEqual([])
  })

  test('other capitals: our profile is found and written anew, and nothing of the old spelling stays beside it', async () => {
    write({
      Current: 'dev',
      Profiles: [
        {
          Name: 'dev',
          Mode: 'external',
          Process_Command: 'sesame credentials --profile dev',
          Sts_Token: 's',
        },
      ],
    })
    await configure()
    expect(json()).toEqual({
      Current: 'dev',
      Profiles: [{ ...ours, output_format: undefined, language: undefined }].map((each) =>
        JSON.parse(JSON.stringify(each)),
      ),
    })
  })

  test('a profile without a mode that runs sesame is ours', async () => {
    write({
      current: 'dev',
      profiles: [{ ...ours, mode: undefined, process_command: 'sesame credentials --profile dev' }],
    })
    await configure()
    expect(json().profiles).toEqual([ours])
  })

  test('a link is followed, also to the directory', async () => {
    rmSync(join(home, '.aliyun'), { recursive: true })
    mkdirSync(join(home, 'dotfiles'))
    symlinkSync('dotfiles', join(home, '.aliyun'))
    await configure()
    expect(JSON.parse(readFileSync(join(home, 'dotfiles', 'config.json'), 'utf8')).current).toBe('dev')
  })

  test('what the CLI cannot read in a profile that is not ours is said', async () => {
    write(
      '{"current":"dev","profiles":[{"name":"sso","mode":"CloudSSO","cloud_sso_account_id":1432949406168187}]}',
    )
    expect(await configure()).toContain(
      'cannot read the file: cloud_sso_account_id of profile sso is not in quotes',
    )
    expect(readFileSync(path, 'utf8')).toContain(':1432949406168187}')
  })

  test('a file that others can read is closed, also when there is nothing else to do', async () => {
    write({ current: 'dev', profiles: [ours] })
    chmodSync(path, 0o644)
    await configure()
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
})

describe('[case 218] again and again', () => {
  test('what a tool wrote in another order and spacing is the same, and nothing is written', async () => {
    await configure()
    const [profile] = json().profiles
    const reordered = Object.fromEntries(Object.entries(profile).reverse())
    write(JSON.stringify({ meta_path: '', profiles: [reordered], current: 'dev' }, null, 4))
    const before = readFileSync(path, 'utf8')
    expect(await configure()).toContain('as it should be')
    expect(readFileSync(path, 'utf8')).toBe(before)
  })

  test('the empty members that an older CLI adds are no change', async () => {
    const empty = {
      access_key_id: '',
      access_key_secret: '',
      sts_token: '',
      private_key: '',
      expired_seconds: 0,
    }
    write({ current: 'dev', profiles: [{ ...ours, ...empty }], meta_path: '' })
    expect(await configure()).toContain('as it should be')
    const blank = { name: 'default', mode: '', output_format: 'json', process_command: '', ...empty }
    write({ current: 'default', profiles: [blank], meta_path: '' })
    await configure()
    expect(json()).toMatchObject({ current: 'dev', profiles: [blank, ours] })
  })

  test('secrets that an SDK wrote are taken out sixteen times a day, and no copy is made', async () => {
    write({ current: 'ak', profiles: [ak] })
    for (let i = 0; i < 16; i++) {
      await configure()
      const config = json()
      Object.assign(config.profiles[1], { access_key_secret: `sk-written-${i}`, sts_token: 'sk-token' })
      write(JSON.stringify(config, null, 4))
    }
    expect(await configure()).toContain('Secrets in that profile were removed.')
    expect(copies()).toEqual([])
    expect(json().profiles).toEqual([ak, ours])
  })

  test('one copy at most, however many profiles are replaced, and nothing in it that a sign-in gives', async () => {
    write({ current: 'ak', profiles: [ak, sso, { ...ak, name: 'two' }] })
    await configure({ overwrite: true })
    expect(copies()).toHaveLength(1)
    expect(copy()).not.toMatch(/sk-bearer|sk-borrowed/)
    expect(copy()).toContain('sk-long-term')
    await configure({ profile: 'two', overwrite: true })
    await configure({ profile: 'ak', overwrite: true })
    expect(copies()).toHaveLength(1)
    expect(JSON.parse(copy()).profiles.map(({ name, mode }: Record<string, string>) => [name, mode])).toEqual(
      [
        ['ak', 'AK'],
        ['dev', 'CloudSSO'],
        ['two', 'AK'],
      ],
    )
  })

  test('a profile that is not in the copy yet is added to it; a different one of its name gets a copy of its own', async () => {
    write({ current: 'ak', profiles: [ak] })
    await configure({ profile: 'ak', overwrite: true })
    write({
      current: 'new',
      profiles: [
        { ...ak, name: 'new' },
        { ...ak, access_key_id: 'LTAI2' },
      ],
    })
    await configure({ profile: 'new', overwrite: true })
    expect(copies()).toHaveLength(1)
    expect(JSON.parse(copy()).profiles.map(({ name }: { name: string }) => name)).toEqual(['ak', 'new'])
    clock.advance(1000)
    await configure({ profile: 'ak', overwrite: true })
    expect(copies()).toHaveLength(2)
  })
})

test('[case 193] our own secrets are taken out of a copy that an earlier version made', async () => {
  await configure()
  const leaky = { ...ours, access_key_secret: 'sk-ours', sts_token: 'sk-ours', access_key_id: 'STS.x' }
  const old = `${path}.bak-20260101T000000000Z`
  writeFileSync(old, JSON.stringify({ current: 'dev', profiles: [ak, leaky] }, null, 2), { mode: 0o600 })
  expect(await configure()).toContain(`Secrets of sesame's profiles were removed from ${old}`)
  expect(JSON.parse(readFileSync(old, 'utf8'))).toEqual({ current: 'dev', profiles: [ak, ours] })
  expect(await configure()).not.toContain('were removed from')
})

test('[case 217] what replaces "aliyun configure delete" keeps region, language and current profile', async () => {
  write({ current: 'dev', profiles: [sso, ak] })
  await configure({ overwrite: true })
  expect(json()).toEqual({
    current: 'dev',
    profiles: [{ ...ours, region_id: 'cn-shanghai', language: 'zh', output_format: undefined }, ak].map(
      (each) => JSON.parse(JSON.stringify(each)),
    ),
  })
})

describe('[case 154] the region', () => {
  test.each([
    [
      'of the profile, before that of the CLI',
      { region: 'cn-shanghai', regionHere: 'cn-env' },
      'cn-shanghai',
    ],
    ['of the CLI, before that of the shell', { regionHere: 'cn-env' }, 'r'],
  ])('%s', async (_, changes, region) => {
    write({ current: 'dev', profiles: [{ ...ak, name: 'dev' }] })
    await configure({ ...changes, overwrite: true })
    expect(json().profiles[0].region_id).toBe(region)
  })

  test('of the shell for a new profile, else cn-hangzhou, which is said', async () => {
    await configure({ regionHere: 'cn-env', print: true })
    expect(JSON.parse(printed).region_id).toBe('cn-env')
    expect(await configure()).toContain('Region: cn-hangzhou.')
  })
})

describe('what is said', () => {
  test.each([
    ['ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS', '1'],
    ['ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS', 'True'],
    ['ALIBABA_CLOUD_IGNORE_PROFILE', 'TRUE'],
    ['ALIBABACLOUD_IGNORE_PROFILE', 'TRUE'],
  ])('[case 222] %s=%s, with which the CLI does not take the profile', async (name, value) => {
    expect(await configure({}, { [name]: value })).toMatch(
      new RegExp(`^Warning: ${name} is .* Unset it\\.$`, 'm'),
    )
    expect(await configure({}, { [name]: 'no' })).not.toContain(name)
  })

  test('[case 219] the ways without secrets on disk come before the warning of what SDKs do to the file', async () => {
    const text = await configure()
    expect(text.indexOf('--for sdk')).toBeLessThan(text.indexOf('Warning: SDKs and Terraform'))
    expect(text).toContain('what they do not know of other profiles is lost')
  })

  test('[case 223] quotes in the command line need a new CLI; without quotes nothing is said', async () => {
    expect(await configure()).not.toContain('3.4.9')
    expect(await configure({ profile: 'team a' })).toContain('Needs aliyun CLI 3.4.9')
    expect(await configure({ sesame: ['/opt/my node/node', '/s.cjs'] })).toContain('Needs aliyun CLI 3.4.9')
  })
})

test('[case 158] the reader tells what the CLI would take, whatever is written', () => {
  write(
    `{"profiles":[
      {"NAME":"a","cloud_sso_sign_in_url":"https://x/login","Cloud_SSO_Account_Id":12345678901234567890},
      {"name":"b","mode":"cloudsso"},
      {"name":"c","mode":"None of these"},
      {"name":"d","access_key_id":"i","access_key_secret":"s","sts_token":"t"},
      {"name":"e","mode":null,"__proto__":{"mode":"AK"}},
      {"name":7}
    ]}`,
  )
  const config = readAliyunConfig(path) as AliyunContent
  expect(config.current).toBe('default')
  expect(config.profiles.map(({ name, mode }) => [name, mode])).toEqual([
    ['a', 'CloudSSO'],
    ['b', 'CloudSSO'],
    ['c', 'None of these'],
    ['d', 'StsToken'],
    ['e', ''],
    ['7', ''],
  ])
  expect(config.profiles[0]?.fields.cloud_sso_account_id).toBe('12345678901234567890')
})
