import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { inCommandWords } from '../../src/cli/commands/oss/usage-errors.ts'
import { tools } from '../../src/integrations/index.ts'
import { invalidToken } from '../../src/jwt/bearer-scheme.ts'
import { decodeJwt } from '../../src/jwt/index.ts'
import { useTranslations } from '../../src/kit/index.ts'
import { loadChinese } from '../../src/language/index.ts'
import { requestUrl } from '../../src/oss/index.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { makeHome, runSesame } from '../support/sesame.ts'
import { audience, encode, issuer, jwkSet, makeKey, signToken } from '../support/token-issuer.ts'

runCommandsHere()

afterEach(() => useTranslations({}))

function newHome(): string {
  const { home, remove } = makeHome()
  onTestFinished(remove)
  return home
}

function runIn(home: string, language: 'zh' | 'en', words: readonly string[], input = '') {
  useTranslations({})
  return runSesame(words, { home, input, env: { SESAME_LANGUAGE: language } })
}

/** Lines in which English words follow each other, other than in commands and code, which are the same in every language. */
function englishIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(line.replace(/(?:sesame|kubectl) .*$/, '')))
}

describe('configure --for in Chinese', () => {
  it.each(tools)('%s: what is said is Chinese, what is printed for the tool is the same', async (tool) => {
    const home = newHome()
    const profile = ['--profile', 'corp']
    const provider = ['--issuer', 'https://id.example.com', '--client-id', 'sesame']
    if (tool === 'kubectl')
      expect((await runIn(home, 'en', ['configure', ...profile, ...provider])).code).toBe(0)
    const words = ['configure', '--for', tool, '--print', ...profile]
    const english = await runIn(home, 'en', words)
    const chinese = await runIn(home, 'zh', words)
    expect({ code: chinese.code, stdout: chinese.stdout }).toEqual({ code: 0, stdout: english.stdout })
    expect(chinese.stderr).toMatch(/^自动续期：/m)
    expect(chinese.stderr.split('\n')).toHaveLength(english.stderr.split('\n').length)
    expect(englishIn(chinese.stderr)).toEqual([])
  })
})

const claims = encode({ iss: 'https://id.example.com', exp: 1_700_000_000 })
const jwt = `${encode({ alg: 'RS256' })}.${claims}.c2ln`

/** Words, standard input, and what is on stderr. */
const refusals: [string, string, string][] = [
  ['configure --for sdk --region cn-beijing', '', 'sesame: --region 只适用于 --for aliyun。\n'],
  ['oss presign a.csv', '', 'sesame: "a.csv" 不是以 oss:// 开头。\nObject 的写法是 oss://bucket/key。\n'],
  [
    'oss sign GET oss://reports/a.csv',
    '',
    'sesame: 需要指定地域。\n请加 --region cn-hangzhou，设置 ALIBABA_CLOUD_REGION_ID，或用 --region 设置该配置的地域。\n',
  ],
  ['sst create --key-file - dev', 'a: b', 'sesame: 标准输入中的密钥文件：缺少密钥，需要 key: "…"。\n'],
  [
    'sst list --db none.db',
    '',
    'sesame: none.db 中没有吊销列表。如果原来有，请恢复它；要新建，请运行：\nsesame sst init --db none.db\n',
  ],
  [
    'sst list --redis redis://redis.example',
    '',
    'sesame: Redis URL 必须以 rediss:// 开头（TLS）。\n不加密的 redis:// 只接受直接写出的本机回环地址，如 redis://127.0.0.1:6379。\n',
  ],
  ['token get --access --id', '', 'sesame: --access 和 --id 不能同时使用。\n'],
  ['token inspect', 'a.b', 'sesame: 这不是 JWT：不是由三部分组成。\n'],
]

describe('the commands of the libraries in Chinese', () => {
  it.each(refusals)('sesame %s', async (words, input, stderr) => {
    expect(await runIn(newHome(), 'zh', words.split(' '), input)).toMatchObject({ stdout: '', stderr })
  })

  it('token inspect shows a token to people in Chinese, to programs as it is', async () => {
    const home = newHome()
    const shown = await runIn(home, 'zh', ['token', 'inspect'], jwt)
    expect(shown.stdout).toMatch(/^头部\n {2}alg {2}RS256\n声明\n/)
    expect(shown.stdout).toMatch(/ {2}exp {2}2023-11-14T22:13:20Z \(\d+ 天前\)\n/)
    const json = ['token', 'inspect', '--json']
    const [chinese, english] = [await runIn(home, 'zh', json, jwt), await runIn(home, 'en', json, jwt)]
    expect(chinese.stdout).toBe(english.stdout)
  })

  it('token verify says in Chinese what a token is refused for, with both values', async () => {
    const home = newHome()
    const key = makeKey()
    const jwks = join(home, 'jwks.json')
    writeFileSync(jwks, JSON.stringify(jwkSet(key)))
    const refusal = async (who: string, exp: number) => {
      const token = signToken(key, { iss: issuer, aud: audience, exp })
      const words = ['token', 'verify', '--issuer', issuer, '--audience', who, '--jwks', jwks]
      return (await runIn(home, 'zh', words, token)).stderr
    }
    const now = Math.floor(Date.now() / 1000)
    expect(await refusal(audience, now - 3600)).toMatch(
      /^sesame: 令牌已于 \S+Z 过期；现在是 \S+Z，允许的时钟偏差为 300 秒。\n$/,
    )
    expect(await refusal('api2', now + 3600)).toBe('sesame: 令牌面向 "api1"，不是 "api2"。\n')
  })
})

describe('the libraries', () => {
  it('say what is wrong in the words of the command line, in Chinese', async () => {
    useTranslations(await loadChinese())
    const request = { method: 'GET', key: 'a.csv' }
    const call = () => inCommandWords(() => requestUrl(request, { region: 'cn-hangzhou' }))
    expect(call).toThrow('有 Object 名称 时必须有 Bucket 名称。')
  })

  it('are English where no translation was loaded', () => {
    expect(() => decodeJwt('a.b')).toThrow('This is not a JWT: it does not have three parts.')
  })

  it('answer clients in ASCII, as RFC 6750 has it, whatever the language', async () => {
    useTranslations(await loadChinese())
    const { headers, body } = invalidToken('api', 'expired')
    expect(`${headers['www-authenticate']}${body}`).toMatch(/^[ -~]*The token expired[ -~]*$/)
  })
})
