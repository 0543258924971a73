import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pageWith } from '../../src/identity/oidc/loopback-page.ts'
import { useTranslations } from '../../src/kit/index.ts'
import { loadChinese } from '../../src/language/index.ts'
import { getCredentials, login } from '../../src/session/index.ts'
import { skipReason } from '../../src/terminal/index.ts'
import { placeName } from '../../src/terminal/remote-place.ts'
import { servePortal } from '../support/peers/portal.ts'
import { scriptPerson } from '../support/script-person.ts'
import { sessionWorld } from '../support/session-world.ts'

beforeEach(async () => useTranslations(await loadChinese()))
afterEach(() => useTranslations({}))

describe('a sign-in in Chinese', () => {
  test('an account that is not there, with the command that names another', async () => {
    const world = sessionWorld()
    world.config = { signInUrl: servePortal(world).signInUrl, profiles: new Map() }
    const wanted = { account: 'none' }
    await expect(
      login('dev', { wanted, force: false }, world.context(), scriptPerson()),
    ).rejects.toMatchObject({
      message: '您没有名为 none 的账号。',
      hint: '指定以上之一：sesame login --profile dev --account-id …',
    })
  })

  test('credentials before a sign-in, and a profile without a sign-in URL', async () => {
    const world = sessionWorld()
    world.config = { signInUrl: servePortal(world).signInUrl, profiles: new Map() }
    await expect(getCredentials('dev', {}, world.context())).rejects.toMatchObject({
      message: '请先登录：sesame login --profile dev',
    })
    world.config = { profiles: new Map() }
    await expect(getCredentials('dev', {}, world.context())).rejects.toMatchObject({
      message: '配置 dev 没有设置登录地址。',
      hint: '运行 “sesame configure --signin-url https://…/login”，地址取自云 SSO 控制台。',
    })
  })

  test('a refusal in the browser', async () => {
    const world = sessionWorld()
    const portal = servePortal(world)
    world.config = { signInUrl: portal.signInUrl, profiles: new Map() }
    portal.decision = 'deny'
    await expect(
      login('dev', { wanted: {}, force: false }, world.context(), scriptPerson()),
    ).rejects.toMatchObject({ code: 'ERR_ACCESS_DENIED', message: '登录在浏览器中被拒绝。' })
  })
})

describe('the terminal in Chinese', () => {
  test('names places and reasons, and leaves proper names', () => {
    expect(placeName('an SSH session')).toBe('SSH 会话')
    expect(placeName('GitHub Codespaces')).toBe('GitHub Codespaces')
    expect(skipReason({ kind: 'skip', reason: 'no display' })).toBe('没有图形界面')
    expect(skipReason({ kind: 'skip', reason: 'BROWSER=none' })).toBe('BROWSER=none')
  })
})

describe('the page in the browser', () => {
  test('says its language and its words', () => {
    const chinese = pageWith('done')
    expect(chinese).toContain('<html lang="zh-CN">')
    expect(chinese).toContain('<h1>登录成功</h1>\n<p>可以关闭此窗口，回到终端。</p>')
    useTranslations({})
    expect(pageWith('done')).toContain('<html lang="en">')
    expect(pageWith('done')).toContain('<h1>You are signed in</h1>')
  })
})
