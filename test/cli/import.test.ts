import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  acsSsoPath,
  aliyunCloudSso,
  planted,
  recordPlanted,
  writeAcsSso,
  writeAliyun,
} from '../support/foreign-home.ts'
import { type Keyring, startKeyring } from '../support/keyring.ts'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { startOnPty } from '../support/pty.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { execFileSync } from '../support/run-sync.ts'
import { secretItems } from '../support/secret-items.ts'
import { type Finished, makeHome, runSesame } from '../support/sesame.ts'
import { configAt } from '../support/test-home.ts'

runCommandsHere()

const url = 'https://signin-cn-shanghai.alibabacloudsso.com/acme/login'
const devKey = '1432949406168187:ac-01dev'

let home: string
let remove: () => void

const run = (words: readonly string[], env: Record<string, string> = {}) =>
  runSesame(words, { home, env: { SESAME_STORE: 'plaintext', ...env } })
const runImport = (...words: string[]) => run(['profile', 'import', ...words])
const configPath = () => join(home, '.config', 'sesame', 'config.json')
const config = () => configAt(home)
const configure = (content: object) => {
  mkdirSync(join(home, '.config', 'sesame'), { recursive: true, mode: 0o700 })
  writeFileSync(configPath(), JSON.stringify({ version: 1, profiles: {}, ...content }), { mode: 0o600 })
}

/** Every file below HOME with its mode, time and content: what "changes nothing" means. */
function snapshot(): unknown[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const path = join(home, name)
      const { mode, mtimeMs } = lstatSync(path)
      return [name, mode, mtimeMs, statSync(path).isFile() ? readFileSync(path, 'utf8') : '']
    })
}

function expectNoSecret({ stdout, stderr }: Finished): void {
  for (const value of Object.values(planted)) expect(`${stdout}${stderr}`).not.toContain(value)
}

beforeAll(recordPlanted)
beforeEach(() => {
  ;({ home, remove } = makeHome())
})
afterEach(() => remove())

describe('profile import from acs-sso', () => {
  test('profiles, current, sign-in URL and valid credentials; the files stay and it says that they hold secrets', async () => {
    const oldKey = '0012345678901234:ac-01old'
    writeAcsSso(home, { signInUrl: url, profiles: { dev: devKey, old: oldKey }, current: 'dev' })
    const cache = JSON.parse(readFileSync(acsSsoPath(home), 'utf8'))
    cache.map[oldKey].expireTime = Date.now() - 1000
    writeFileSync(acsSsoPath(home), JSON.stringify(cache))

    const done = await runImport()
    expect(done).toMatchObject({ code: 0, stdout: '' })
    expectNoSecret(done)
    expect(done.stderr).toMatch(
      /^dev \(acs-sso\): imported, account 1432949406168187, access configuration ac-01dev; credentials valid until \S+Z: now in the store \(plaintext\)\.$/m,
    )
    expect(done.stderr).toMatch(/^old \(acs-sso\): imported, .*; its credentials have expired\.$/m)
    expect(done.stderr).toContain(`The default sign-in URL is now ${url}\n`)
    expect(done.stderr).toContain('The current profile is now dev.\n')
    expect(done.stderr).toContain(
      `${acsSsoPath(home)} stay in place and hold secrets in plain text; to delete them: sesame profile import --delete-source\n`,
    )
    expect(config()).toMatchObject({
      signInUrl: url,
      currentProfile: 'dev',
      profiles: {
        dev: {
          kind: 'cloudsso',
          accountId: '1432949406168187',
          accessConfigurationId: 'ac-01dev',
          store: 'plaintext',
        },
        old: { kind: 'cloudsso', accountId: '0012345678901234', accessConfigurationId: 'ac-01old' },
      },
    })
    expect(config().profiles.old).not.toHaveProperty('store')
    expect(existsSync(acsSsoPath(home))).toBe(true)

    const credentials = await run(['credentials'])
    expect(credentials).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(credentials.stdout)).toMatchObject({
      access_key_id: 'STS.acsKeyId',
      access_key_secret: planted.acsKeySecret,
      sts_token: planted.acsToken,
    })
    expect((await run(['credentials', '--profile', 'old'])).code).toBe(3)
  })

  test('its bearer token is not taken over', async () => {
    writeAcsSso(home, { signInUrl: url, profiles: { dev: devKey } })
    await runImport()
    const items = readdirSync(join(home, '.local', 'state', 'sesame', 'plaintext-secrets'))
    expect(items).toHaveLength(1)
    expect(items[0]).toMatch(/^credentials/)
  })

  test('--dry-run shows what would happen on stdout and changes nothing, not even a mode', async () => {
    writeAcsSso(home, {
      signInUrl: url,
      profiles: { dev: devKey, 'bad\u001b[2Jname': devKey },
      current: 'dev',
    })
    const before = snapshot()
    const done = await runImport('--dry-run', '--delete-source')
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expectNoSecret(done)
    expect(done.stdout).toMatch(/^dev \(acs-sso\): would be imported, .* would go to the store\.$/m)
    expect(done.stdout).toContain(`The default sign-in URL would be ${url}\n`)
    expect(done.stdout).toContain('The current profile would be dev.\n')
    expect(done.stdout).toContain('"bad\\u001b[2Jname" of acs-sso cannot be a profile name.\n')
    expect(done.stdout).toContain('Would not be deleted: ')
    expect(snapshot()).toEqual(before)
  })

  test('a profile of the same name stays, which is said; --overwrite replaces it', async () => {
    writeAcsSso(home, { signInUrl: url, profiles: { dev: devKey, new: '1:ac-2' }, current: 'dev' })
    const mine = { kind: 'cloudsso', accountId: '777', accessConfigurationId: 'ac-mine' }
    configure({
      signInUrl: 'https://other.example/x/login',
      currentProfile: 'mine',
      profiles: { dev: mine, mine },
    })

    const kept = await runImport('--delete-source')
    expect(kept.code).toBe(1)
    expect(kept.stderr).toContain(
      'dev (acs-sso): left out, there is another profile of that name (--overwrite replaces it).\n',
    )
    expect(kept.stderr).toContain('The default sign-in URL stays https://other.example/x/login;')
    expect(kept.stderr).toContain('The current profile stays mine.\n')
    expect(kept.stderr).toMatch(/^Not deleted: .*; not taken over: profile dev\.$/m)
    expect(existsSync(acsSsoPath(home))).toBe(true)
    expect(config().profiles.dev).toEqual(mine)
    expect(config().profiles.new).toMatchObject({ signInUrl: url, accountId: '1' })
    expect(config().signInUrl).toBe('https://other.example/x/login')

    const replaced = await runImport('--overwrite', '--delete-source')
    expect(replaced.stderr).toContain('dev (acs-sso): has replaced the profile of that name, account 143294')
    expect(replaced.stderr).toContain('new (acs-sso): already here, account 1,')
    expect(replaced.code).toBe(0)
    expect(config().profiles.dev).toMatchObject({ signInUrl: url, accountId: '1432949406168187' })
    expect(config().currentProfile).toBe('mine')
    expect(existsSync(acsSsoPath(home)) || existsSync(join(home, '.alibabacloud_sso'))).toBe(false)
  })

  test('a second import finds everything there, and credentials that are valid longer are not replaced', async () => {
    writeAcsSso(home, { signInUrl: url, profiles: { dev: devKey } })
    await runImport()
    const first = JSON.parse((await run(['credentials', '--profile', 'dev'])).stdout)
    writeAcsSso(home, { signInUrl: url, profiles: { dev: devKey }, expireTime: Date.now() + 1800_000 })
    const configBefore = readFileSync(configPath(), 'utf8')
    const again = await runImport()
    expect(again.code).toBe(0)
    expect(again.stderr).toContain('dev (acs-sso): already here')
    expect(readFileSync(configPath(), 'utf8')).toBe(configBefore)
    expect(JSON.parse((await run(['credentials', '--profile', 'dev'])).stdout)).toEqual(first)
  })

  test('[case 32] [case 89] hostile names and ids are refused with a word, shown escaped; good ones go on', async () => {
    const profiles = {
      dev: devKey,
      'esc\u001b]52;c;eA==\u0007': devKey,
      'line\nfeed': devKey,
      '../../etc': devKey,
      '--force': devKey,
      '$(touch PWN)': devKey,
      ['n'.repeat(4096)]: devKey,
      idEscape: '1\u001b[2J:ac-1',
      idMissing: 'no colon',
    }
    writeAcsSso(home, { signInUrl: url, profiles })
    const text = readFileSync(acsSsoPath(home), 'utf8')
    // Own members of these names, as only a parser makes them.
    writeFileSync(
      acsSsoPath(home),
      text.replace(
        '"profiles":{',
        `"profiles":{"__proto__":"${devKey}","constructor":"${devKey}","toString":"x:__proto__",`,
      ),
    )
    const done = await runImport()
    expect(done.code).toBe(0)
    expectNoSecret(done)
    expect(done.stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
    expect(done.stderr).toContain('"esc\\u001b]52;c;eA==\\u0007" of acs-sso cannot be a profile name.\n')
    expect(done.stderr).toContain('"line\\u000afeed" of acs-sso cannot be a profile name.\n')
    expect(done.stderr).toContain('"--force" of acs-sso cannot be a profile name.\n')
    expect(done.stderr).toContain('Profile idEscape of acs-sso names no account and access configuration.\n')
    expect(done.stderr).toContain('Profile idMissing of acs-sso names no account')
    expect(Math.max(...done.stderr.split('\n').map((line) => line.length))).toBeLessThan(400)
    const names = JSON.parse((await run(['profile', 'list', '--json'])).stdout).map(
      ({ name }: { name: string }) => name,
    )
    expect(names).toEqual(['__proto__', 'constructor', 'toString', 'dev'])
    expect(existsSync(join(home, 'work', 'PWN'))).toBe(false)
  })

  test('credentials that are damaged, or with an expiry far from real, are left out; the profile is not', async () => {
    writeAcsSso(home, { signInUrl: url, profiles: { a: '1:ac-a', b: '1:ac-b', c: '1:ac-c' } })
    const cache = JSON.parse(readFileSync(acsSsoPath(home), 'utf8'))
    cache.map['1:ac-a'].data.sts_token = 'line\nfeed'
    cache.map['1:ac-b'].expireTime = 253_402_300_799_000
    cache.map['1:ac-c'].expireTime = null
    writeFileSync(acsSsoPath(home), JSON.stringify(cache))
    const { code, stderr } = await runImport()
    expect(code).toBe(0)
    expect(stderr).toMatch(/^a \(acs-sso\): imported, .*left out, they are incomplete or damaged\.$/m)
    expect(stderr).toMatch(/^b \(acs-sso\): imported, .*left out, their expiry is invalid\.$/m)
    expect(stderr).toMatch(/^c \(acs-sso\): imported, .*left out, their expiry is invalid\.$/m)
    expect(existsSync(join(home, '.local', 'state', 'sesame', 'plaintext-secrets'))).toBe(false)
  })

  test('a sign-in URL that is not safe is not taken; credentials of an unknown directory are not either', async () => {
    writeAcsSso(home, { signInUrl: 'http://user:hunter2hunter2@portal.example/x', profiles: { dev: devKey } })
    const done = await runImport('--delete-source')
    expect(done.code).toBe(1)
    expect(done.stderr).toContain('The sign-in URL of acs-sso cannot be used: ')
    expect(done.stderr).not.toContain('hunter2')
    expect(done.stderr).toContain('nothing says to which directory they belong')
    expect(config()).not.toHaveProperty('signInUrl')
    expect(existsSync(acsSsoPath(home))).toBe(true)
  })
})

describe('source files that cannot be used', () => {
  const good = () => writeAcsSso(home, { signInUrl: url, profiles: { dev: devKey } })

  test.each([
    [
      'not JSON',
      () => writeFileSync(acsSsoPath(home), `{"accessToken":{"token":"${planted.acsBearer}`),
      'it is not valid JSON',
    ],
    ['no object', () => writeFileSync(acsSsoPath(home), 'null'), 'it does not hold a JSON object'],
    ['empty', () => writeFileSync(acsSsoPath(home), ''), 'it is not valid JSON'],
    ['huge', () => truncateSync(acsSsoPath(home), 2 ** 30), 'it is larger than 1048576 bytes'],
    [
      'another user’s',
      () => chownSync(acsSsoPath(home), 12345, 12345),
      'it belongs to another user (uid 12345',
    ],
    ['a symbolic link', () => linkAway(acsSsoPath(home)), 'it is a symbolic link'],
    ['a FIFO', () => makeFifo(acsSsoPath(home)), 'it is not a regular file'],
  ])('%s: one clear line, exit 1, nothing is lost', async (_, spoil, reason) => {
    good()
    spoil()
    const done = await runImport('--delete-source')
    expect(done.code).toBe(1)
    expectNoSecret(done)
    expect(done.stderr.split('\n').filter((line) => line.includes(reason))).toHaveLength(1)
    expect(done.stderr).toContain(acsSsoPath(home))
    expect(lstatSync(acsSsoPath(home))).toBeDefined()
    expect(existsSync(join(home, '.alibabacloud_sso'))).toBe(true)
  })

  function linkAway(path: string): void {
    renameSync(path, `${path}.real`)
    symlinkSync(`${path}.real`, path)
  }

  function makeFifo(path: string): void {
    renameSync(path, `${path}.real`)
    execFileSync('mkfifo', [path])
  }

  test('a broken file of one tool does not keep the other from being imported', async () => {
    good()
    const path = writeAliyun(home, [])
    writeFileSync(path, '{"profiles": [')
    const { code, stderr } = await runImport()
    expect(code).toBe(1)
    expect(stderr).toContain(`Cannot use ${path}: it is not valid JSON\n`)
    expect(config().profiles).toHaveProperty('dev')
  })
})

describe('profile import from the aliyun CLI', () => {
  test('CloudSSO profiles with URL, ids, credentials and sign-in; the file stays byte for byte', async () => {
    const path = writeAliyun(
      home,
      [
        { name: 'default', mode: 'AK', access_key_id: 'LTAIxyz', access_key_secret: 'aksecret-of-AK-0123' },
        aliyunCloudSso('sso', url),
        aliyunCloudSso('lower', url, {
          mode: 'cloudsso',
          sts_expiration: 1,
          cloud_sso_access_token_expire: 1,
        }),
        aliyunCloudSso('insecure', 'http://portal.example/x/login'),
        aliyunCloudSso('it\u0007s', url),
      ],
      'sso',
    )
    const before = readFileSync(path, 'utf8')
    const done = await runImport('--delete-source', '--from', 'aliyun')
    expect(done).toMatchObject({ code: 0, stdout: '' })
    expectNoSecret(done)
    expect(done.stderr).toMatch(
      /^sso \(aliyun\): imported, account 0012345678901234, access configuration ac-aliyun01; credentials valid until \S+ and a sign-in valid until \S+: now in the store \(plaintext\)\.$/m,
    )
    expect(done.stderr).toMatch(/^lower \(aliyun\): imported, .*; its credentials have expired\.$/m)
    expect(done.stderr).toMatch(
      /^Profile insecure of aliyun has no usable sign-in URL: The sign-in URL must start with https/m,
    )
    expect(done.stderr).toContain('"it\\u0007s" of aliyun cannot be a profile name.\n')
    expect(done.stderr).toContain('The file of the aliyun CLI is its own and is never deleted.\n')
    // [case 217] `aliyun configure delete` loses region, language and current profile.
    expect(done.stderr).toContain('sesame configure --for aliyun --profile sso --overwrite')
    expect(done.stderr).not.toContain('aliyun configure delete')
    expect(done.stderr).toContain('The current profile is now sso.\n')
    expect(readFileSync(path, 'utf8')).toBe(before)
    expect(config().profiles.sso).toEqual({
      kind: 'cloudsso',
      signInUrl: url,
      accountId: '0012345678901234',
      accessConfigurationId: 'ac-aliyun01',
      region: 'cn-shanghai',
      store: 'plaintext',
    })
    expect(config()).not.toHaveProperty('signInUrl')
    expect(Object.keys(config().profiles)).toEqual(['sso', 'lower'])
  })

  test('the imported sign-in renews credentials without a person', async () => {
    const portal = await startPortal()
    try {
      const loggedIn = await run(['login', '--profile', 'probe', '--no-browser'], { SESAME_STORE: 'memory' })
      expect(loggedIn.code).toBe(2)
      configure({ signInUrl: portal.signInUrl })
      expect((await run(['login', '--no-browser'])).code).toBe(0)
      const bearer = portal.issued.find(({ kind }) => kind === 'access-token')?.value
      remove()
      ;({ home, remove } = makeHome())
      writeAliyun(home, [
        aliyunCloudSso('sso', portal.signInUrl, {
          cloud_sso_account_id: '1432949406168187',
          cloud_sso_access_config: 'ac-01jpbjjez9lspbg18c61',
          access_token: bearer,
          sts_expiration: 1,
        }),
      ])
      expect((await runImport()).code).toBe(0)
      const before = portal.requests.length
      expect(await run(['credentials', '--profile', 'sso'])).toMatchObject({ code: 0, stderr: '' })
      expect(portal.calls().slice(before)).toEqual(['POST /cloud-credentials'])
      expect(portal.violations).toEqual([])
    } finally {
      await portal.stop()
    }
  })

  test('two tools with one name: the first is taken, the second is said to be left out', async () => {
    writeAcsSso(home, { signInUrl: url, profiles: { sso: devKey }, current: 'sso' })
    writeAliyun(home, [aliyunCloudSso('sso', url)])
    const { code, stderr } = await runImport('--overwrite')
    expect(code).toBe(0)
    expect(stderr).toContain('sso (acs-sso): imported, account 1432949406168187')
    expect(stderr).toContain('sso (aliyun): left out, another profile of that name comes from the other tool')
    expect(config().profiles.sso?.accountId).toBe('1432949406168187')
  })
})

describe('nothing to import', () => {
  test('says so and exits 0', async () => {
    writeAliyun(home, [
      { name: 'default', mode: 'AK', access_key_id: 'LTAIxyz', access_key_secret: 'aksecret' },
    ])
    const done = await runImport()
    expect(done).toEqual({
      code: 0,
      signal: null,
      stdout: '',
      stderr:
        'Nothing to import: there are no profiles of acs-sso and no CloudSSO profiles of the aliyun CLI.\n',
    })
    expect(existsSync(configPath())).toBe(false)
    expect((await runImport('--from', 'acs-sso')).stderr).toBe(
      'Nothing to import: there are no profiles of acs-sso.\n',
    )
  })

  test('an unknown tool is exit 2', async () => {
    expect(await runImport('--from', 'aws')).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('with a real keychain', () => {
  let keyring: Keyring
  let portal: TestPortal
  const onBus = () => ({ DBUS_SESSION_BUS_ADDRESS: keyring.env.DBUS_SESSION_BUS_ADDRESS ?? '' })

  beforeAll(async () => {
    keyring = await startKeyring({ mode: 'unlocked' })
    portal = await startPortal()
  })
  afterAll(async () => {
    await portal.stop()
    await keyring.stop()
  })

  test('the credentials go to the keychain, the person agrees and the plain files are gone', async () => {
    writeAcsSso(home, { signInUrl: portal.signInUrl, profiles: { dev: devKey }, current: 'dev' })
    const terminal = startOnPty(['profile', 'import'], { home, env: onBus() })
    await terminal.shows(/\.alibabacloud_sso_sts hold secrets in plain text\.[\s\S]*Delete them\?.*\(y\/N\)/)
    terminal.type('y\r')
    const { code, seen, stdout } = await terminal.finished
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(seen).toContain('now in the store (keychain).')
    expect(seen).toMatch(/Deleted .*\.alibabacloud_sso_sts\./)
    expect(existsSync(acsSsoPath(home)) || existsSync(join(home, '.alibabacloud_sso'))).toBe(false)
    const { names, secrets } = secretItems(keyring)
    expect(names).toEqual([expect.stringMatching(/^credentials:/)])
    expect(secrets).toContain(planted.acsKeySecret)
    expect(readFileSync(configPath(), 'utf8')).not.toContain('acsKey')
    const cached = await runSesame(['login', '--profile', 'dev'], { home, env: onBus() })
    expect(cached).toMatchObject({ code: 0, stderr: '' })
    expect(portal.requests).toHaveLength(0)
  })

  test('Enter means no: the files stay', async () => {
    writeAcsSso(home, { signInUrl: portal.signInUrl, profiles: { other: '5:ac-5' } })
    const terminal = startOnPty(['profile', 'import'], { home, env: onBus() })
    await terminal.shows(/\(y\/N\)/)
    terminal.type('\r')
    expect((await terminal.finished).code).toBe(0)
    expect(existsSync(acsSsoPath(home))).toBe(true)
  })

  test('a locked keychain: the profiles come, the credentials stay where they are, nothing is deleted', async () => {
    writeAcsSso(home, { signInUrl: portal.signInUrl, profiles: { locked: '6:ac-6' } })
    await keyring.lock()
    try {
      const words = ['profile', 'import', '--delete-source']
      const done = await runSesame(words, { home, env: { ...onBus(), SESAME_STORE: 'keychain' } })
      expect(done.code).toBe(1)
      expectNoSecret(done)
      expect(done.stderr).toContain('Could not store the credentials of profile locked: ')
      expect(done.stderr).toMatch(/^Not deleted: .*; not taken over: the credentials of profile locked\.$/m)
      expect(existsSync(acsSsoPath(home))).toBe(true)
      expect(config().profiles).toHaveProperty('locked')
    } finally {
      await keyring.unlock()
    }
  })
})
