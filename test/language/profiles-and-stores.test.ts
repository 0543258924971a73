import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askSettings, type Prompts } from '../../src/cli/commands/configure/ask-settings.ts'
import { isSesameError, shownText, useTranslations } from '../../src/kit/index.ts'
import { loadChinese } from '../../src/language/index.ts'
import { parseConfig } from '../../src/profiles/config-text.ts'
import { emptyConfig, type Setting, settings } from '../../src/profiles/index.ts'
import { stateError } from '../../src/store/keychain-errors.ts'
import { textWidth } from '../../src/terminal/index.ts'
import { writeAcsSso } from '../support/foreign-home.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { makeHome, runSesame } from '../support/sesame.ts'

runCommandsHere()

let home: ReturnType<typeof makeHome>
beforeEach(async () => {
  home = makeHome()
  useTranslations(await loadChinese())
})
afterEach(() => {
  useTranslations({})
  home.remove()
})

const run = (words: string, env: Record<string, string> = {}) =>
  runSesame(words.split(' '), {
    home: home.home,
    env: { SESAME_STORE: 'plaintext', SESAME_LANGUAGE: 'zh', ...env },
  })

const corp = 'configure --profile corp --issuer https://id.example.com --client-id sesame'

describe('configure', () => {
  test('says what it did, and what it needs', async () => {
    expect((await run(corp)).stderr).toBe('配置 corp 以客户端 sesame 在 https://id.example.com 登录。\n')
    expect((await run('configure --profile other')).stderr).toBe(
      'sesame: 没有终端时，configure 需要用选项说明配置 other 的登录方式。\n' +
        '使用 --signin-url, --issuer 和 --client-id, --idaas-url，或 --source-profile；参阅 “sesame help configure”。\n',
    )
    expect((await run(`${corp} --prompt login --no-prompt`)).stderr).toBe(
      'sesame: --prompt 和 --no-prompt 不能同时使用。\n',
    )
  })

  test('asks in the words of the table of settings', async () => {
    const questions: string[] = []
    const prompts: Prompts = {
      askLine: async (question, { known }) => {
        questions.push(question)
        return known ?? ''
      },
      chooseValue: async (question, choices) => {
        questions.push(question, ...choices.map(({ name }) => name))
        const [choice] = choices.slice(1)
        if (choice === undefined) throw new Error('nothing to choose')
        return choice.value
      },
      signal: new AbortController().signal,
    }
    await askSettings({ name: 'corp', known: undefined, config: emptyConfig }, prompts)
    expect(questions).toEqual([
      '配置 corp 使用哪种登录方式？',
      'CloudSSO：阿里云登录地址',
      'OIDC：Keycloak、Entra ID、Okta 或其他身份提供商',
      'IDaaS：应用的 API 令牌',
      '角色：使用另一个配置的凭证',
      '签发方地址（issuer）：',
      '客户端 ID：',
      '角色 ARN（留空表示只获取令牌）：',
    ])
  })
})

describe('profile', () => {
  test('show and the table are aligned by the columns of the terminal', async () => {
    await run(corp)
    await run('profile use corp')
    const shown = (await run('profile show corp')).stdout.trimEnd().split('\n')
    expect(shown[0]).toBe(`配置${' '.repeat(18)}corp（当前）`)
    const starts = shown.map((line) => textWidth(/^.*? {2,}/.exec(line)?.[0] ?? ''))
    expect(new Set(starts)).toEqual(new Set([22]))
    const table = (await run('profile')).stdout.trimEnd().split('\n')
    expect(table[1]).toMatch(/│ 配置 +│ 账号 ID │ 访问配置 ID │ 状态 +│ 剩余时间 │/)
    expect(new Set(table.map(textWidth)).size).toBe(1)
  })

  test('has room for the label of every setting', () => {
    const labels = Object.values<Setting>(settings).flatMap(({ show }) =>
      show ? [shownText(show.label)] : [],
    )
    expect(labels.filter((label) => textWidth(label) > 20)).toEqual([])
  })

  test('gives programs the same JSON in every language', async () => {
    await run(corp)
    for (const words of ['profile list --json', 'profile show corp --json']) {
      const { stdout } = await run(words)
      useTranslations({})
      expect((await run(words, { SESAME_LANGUAGE: 'en' })).stdout).toBe(stdout)
    }
  })

  test('import says what would come of each profile', async () => {
    const signInUrl = 'https://signin-cn-shanghai.alibabacloudsso.com/acme/login'
    writeAcsSso(home.home, { signInUrl, profiles: { dev: '1432949406168187:ac-01dev' } })
    const { stdout } = await run('profile import --dry-run')
    expect(stdout).toMatch(
      /^dev（acs-sso）：将会导入，账号 1432949406168187，访问配置 ac-01dev；有效期至 \S+ 的凭证：将会保存到存储。$/m,
    )
    expect(stdout).toContain(`默认登录地址将会是 ${signInUrl}`)
  })
})

describe('errors', () => {
  test('of a configuration that cannot be read', () => {
    const path = join(home.home, 'config.json')
    expect(() => parseConfig('{"version":1,"profiles":[]}', path)).toThrow(
      `无法读取配置文件 ${path}：profiles 必须是对象。`,
    )
  })

  test('of a keyring that cannot be used', () => {
    expect(stateError('no-provider', 'dbus')).toMatchObject({
      message: '当前会话总线上没有运行密钥环服务（Secret Service）：dbus。',
      hint: '启动 gnome-keyring、KWallet 或 KeePassXC。如需把密钥保存在加密文件中，设置 SESAME_STORE=encrypted-file 和 SESAME_PASSPHRASE。',
    })
    const locked = stateError('locked')
    expect(isSesameError(locked, 'ERR_STORE_LOCKED') && locked.message).toBe('钥匙串已锁定。')
  })

  test('of an encrypted file without a passphrase', async () => {
    await run(corp)
    const { stderr } = await run('token get --profile corp', { SESAME_STORE: 'encrypted-file' })
    expect(stderr).toBe(
      'sesame: 打开加密存储需要口令。\n设置 SESAME_PASSPHRASE，或先运行 “sesame unlock”，或在终端中运行该命令。\n',
    )
  })
})
