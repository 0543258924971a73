import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { startHttpProxy } from '../../mocks/index.ts'
import { createCredentialsProvider } from '../../src/compose/credentials-provider.ts'
import { followTrusted, inWords, readPrivateFile, waitingFor } from '../../src/files/index.ts'
import { readProxyEnvironment, requestJson } from '../../src/http/index.ts'
import {
  messageWithRequestId,
  readNumber,
  SesameError,
  speakable,
  useTranslations,
} from '../../src/kit/index.ts'
import { loadChinese } from '../../src/language/index.ts'
import { runChild } from '../../src/output/index.ts'
import { assumeRole } from '../../src/sts/index.ts'
import { checkDurationSeconds, normalizeIssuer, normalizeSignInUrl } from '../../src/values/index.ts'
import { failureOf, openFetch } from '../http/support/open-fetch.ts'
import { startPortal } from '../http/support/portal.ts'
import { testDirectory } from '../sst/support/samples.ts'
import { arnOf, openSts, sessionOf } from '../sts/support/alice.ts'

beforeEach(async () => useTranslations(await loadChinese()))
afterEach(() => useTranslations({}))

/** The message, and the hint behind a bar, of what is thrown. */
async function said(act: () => unknown): Promise<string> {
  const { message, hint } = await failureOf(Promise.resolve().then(act))
  return hint === undefined ? message : `${message} | ${hint}`
}

test('kit: a value that cannot be printed, an option of the wrong type, a RequestId', async () => {
  expect(await said(() => speakable('security token', ''))).toBe('以下值为空：STS 令牌（SecurityToken）。')
  expect(await said(() => readNumber('5', 'ttlSeconds', { min: 1, max: 60, unit: 'seconds' }))).toBe(
    'ttlSeconds 不符合要求，应为：数字（单位：秒），范围 1 到 60；实际为：string 类型的值。',
  )
  const refusal = new SesameError('ERR_REFUSED', '已拒绝。', { requestId: 'R-1' })
  expect(messageWithRequestId(refusal)).toBe('已拒绝（RequestId R-1）。')
})

test('values: addresses and limits', async () => {
  expect(await said(() => normalizeSignInUrl('http://example.com/'))).toBe(
    '登录地址：必须以 https:// 开头，而不是 http://example.com/ | 只有写成 IP 的本机回环地址才能使用 http，例如 http://127.0.0.1:8080/。',
  )
  expect(await said(() => normalizeIssuer('https://sso.example.com/?a=b'))).toMatch(
    /^issuer 不能包含查询参数和片段（#）。 \| 正确的形式如 https:\/\/sso\.example\.com\/realms\/acme，/,
  )
  expect(await said(() => checkDurationSeconds(1))).toBe(
    '--duration-seconds 不符合要求，应为：900 到 43200 的整数秒（15m 到 12h），且不超过角色允许的时长；实际为：1。',
  )
})

test('files: what the system says, links, another process', async () => {
  const file = join(testDirectory(), 'file')
  symlinkSync('nothing', file)
  const warn = () => undefined
  expect(await said(() => readPrivateFile(file, { warn }))).toBe(`无法读取 ${file}：它是符号链接`)
  expect(await said(() => followTrusted(file))).toBe(
    `拒绝使用 ${file}：链接指向的文件不存在 | 在该位置放真正的文件。`,
  )
  const full = () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
  }
  expect(await said(() => inWords('write to', '/state', full))).toBe('无法写入 /state：磁盘空间不足')
  expect(waitingFor(7, '/lock')).toBe('正在等待另一个 sesame（进程 7）……')
})

test('http: a name that is unknown, a certificate, a proxy', async () => {
  const portal = await startPortal()
  const proxy = await startHttpProxy({ hosts: {} })
  onTestFinished(() => proxy.close())
  expect(await said(() => openFetch()(portal.url))).toMatch(
    /^无法与 127\.0\.0\.1 建立安全连接：证书由未知的 CA 签发 \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)。 \| 如果证书由私有 CA 签发/,
  )
  const fetch = openFetch({ proxy: readProxyEnvironment({ HTTPS_PROXY: proxy.url }) })
  const through = await said(() =>
    requestJson(fetch, { method: 'GET', url: 'https://unknown.test/', timeoutMs: 5000 }),
  )
  expect(through).toMatch(
    /^代理 127\.0\.0\.1:\d+ \(HTTPS_PROXY\) 拒绝连接 unknown\.test:443，返回了 HTTP \d+。 \| 检查 HTTPS_PROXY，或用 NO_PROXY 排除该主机。$/,
  )
})

test('sts: a refusal in the words of STS, with what to do; a denial', async () => {
  const { sts, context } = await openSts()
  const request = { roleArn: arnOf('test'), roleSessionName: 'alice', credentials: sessionOf(sts, 'dev') }
  sts.refuse('AssumeRole', 'EntityNotExist.Role', { times: 1 })
  expect(await said(() => assumeRole(request, context))).toMatch(
    /^STS 不允许扮演 acs:ram::\d+:role\/test：EntityNotExist\.Role: [ -~]+。 \| 检查 --role-arn：/,
  )
  const accessDeniedDetail = { PolicyType: 'ControlPolicy', AuthAction: 'sts:AssumeRole' }
  sts.refuse('AssumeRole', 'NoPermission', { times: 1, accessDeniedDetail })
  expect(await said(() => assumeRole(request, context))).toMatch(
    / \| 操作被拒绝：sts:AssumeRole（主体：当前凭证；策略：管控策略 \(ControlPolicy\)）。建议：联系资源目录的管理员。$/,
  )
})

test('output: a program that cannot run', async () => {
  const command = join(testDirectory(), 'script')
  writeFileSync(command, '#!/no/such/interpreter\n', { mode: 0o700 })
  const outcome = await runChild({ command, arguments: [], env: {}, signals: process, platform: 'linux' })
  expect(outcome).toMatchObject({ kind: 'not-runnable', reason: '它的解释器不存在' })
})

test('compose: the credentials provider', async () => {
  expect(await said(() => createCredentialsProvider({ configDirectory: 'relative' }))).toBe(
    'configDirectory 必须是绝对路径。',
  )
})
