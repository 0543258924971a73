import { describe, expect, test } from 'vitest'
import { startOss } from '../../mocks/index.ts'
import { type FourKinds, inFourKinds } from '../support/four-kinds.ts'
import { ageTokens, must, providerArn, roleArn } from '../support/oidc-world.ts'
import { runProgram } from '../support/sdk.ts'
import { startTestSts } from '../support/sts.ts'

const patience = 120_000

/** Runs a program with the built library in reach; what it printed as JSON. */
async function library({ home }: Pick<FourKinds, 'home'>, body: string, words: readonly string[] = []) {
  const script = `
    const { createCredentialsProvider, aliOssOptions, SesameError } = require('./dist/index.cjs')
    const print = (value) => console.log(JSON.stringify(value))
    ${body}`
  const world = { home } as Parameters<typeof runProgram>[2]
  const { stdout, stderr, code } = await runProgram(process.execPath, ['-e', script, ...words], world)
  expect(code, stderr).toBe(0)
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

/** What went wrong, as a program sees it. */
const failureOf = (world: FourKinds, profile: string, options = '') =>
  library(
    world,
    `createCredentialsProvider({ profile: '${profile}' ${options} }).getCredentials().then(() => print('credentials'),
      (error) => print({ code: error.code, message: error.message, own: error instanceof SesameError }))`,
  )

const manyIds = `
  const provider = createCredentialsProvider({ profile: process.argv[1] })
  Promise.all(Array.from({ length: 20 }, () => provider.getCredentials())).then((all) =>
    print([...new Set(all.map(({ accessKeyId }) => accessKeyId))]))`

const logIn = (world: FourKinds, name: string) =>
  must(world.home.prepare(['login', '--profile', name, '--no-browser']))

describe.concurrent('createCredentialsProvider', () => {
  test(
    'of an OIDC profile and of roles on top of it: 20 calls at once, one rotation and one call for each link',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { oidc, sts, home } = world
      const first = JSON.parse(await logIn(world, 'auditor'))
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      const before = sts.calls.length
      const [id, ...others] = await library(world, manyIds, ['auditor'])
      expect(others).toEqual([])
      expect(id).not.toBe(first.access_key_id)
      expect(sts.identityOf(id)?.arn).toMatch(/:assumed-role\/auditor\//)
      expect(sts.calls.slice(before).map(({ action }) => action)).toEqual([
        'AssumeRoleWithOIDC',
        'AssumeRole',
        'AssumeRole',
      ])
      expect(oidc.log.filter(({ kind }) => kind === 'refresh-rotated')).toHaveLength(1)
      // What it renewed is there for the command line, and the other way round.
      expect(JSON.parse(await must(home.run(['credentials', '--profile', 'auditor']))).access_key_id).toBe(id)
      const [base] = await library(world, manyIds, ['corp'])
      expect(sts.identityOf(base)?.arn).toMatch(/:assumed-role\/developer\/dev$/)
      expect(sts.calls).toHaveLength(before + 3)
    }),
  )

  test(
    'of an IDaaS profile with a role: no person ever, one token and one role for 20 calls',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home, idaas } = world
      const { issuer = idaas.url, audience } = idaas.settings
      const sts = await startTestSts({
        roles: [{ arn: roleArn('service'), trust: [providerArn] }],
        oidcProviders: [
          { arn: providerArn, issuer, clientIds: [audience], keys: JSON.parse(idaas.publicKey.jwks) },
        ],
      })
      try {
        const role = ['--role-arn', roleArn('service'), '--oidc-provider-arn', providerArn]
        await must(home.prepare(['configure', '--profile', 'api', ...role, '--sts-endpoint', sts.url]))
        const [id, ...others] = await library(world, manyIds, ['api'])
        expect(others).toEqual([])
        expect(sts.identityOf(id)?.arn).toMatch(/:assumed-role\/service\/api-client$/)
        expect(idaas.calls()).toEqual(['retrieve'])
        expect(sts.answered()).toEqual(['AssumeRoleWithOIDC'])
        ageTokens(world, 'credentials', -1000)
        const [renewed] = await library(world, manyIds, ['api'])
        expect(renewed).not.toBe(id)
        expect(idaas.calls()).toEqual(['retrieve'])
      } finally {
        await sts.stop()
      }
    }),
  )

  test(
    'errors name what to do: a sign-in by the profile that was asked for, a role that is missing, a source that is not there',
    { timeout: patience },
    inFourKinds(async (world) => {
      const { home, oidc } = world
      for (const profile of ['corp', 'deployer', 'auditor'])
        expect(await failureOf(world, profile)).toEqual({
          code: 'ERR_LOGIN_REQUIRED',
          message: `Sign in first: sesame login --profile ${profile}`,
          own: true,
        })
      for (const profile of ['tokens', 'api'])
        expect(await failureOf(world, profile)).toEqual({
          code: 'ERR_CONFIG',
          message: `Profile ${profile} has no role: it gives tokens, not credentials.`,
          own: true,
        })
      await logIn(world, 'auditor')
      expect(await failureOf(world, 'auditor', ', minTtlSeconds: 7200')).toMatchObject({ code: 'ERR_USAGE' })
      ageTokens(world, 'credentials', -1000)
      ageTokens(world, 'token', -1000)
      oidc.revokeGrants()
      expect(await failureOf(world, 'auditor')).toMatchObject({
        code: 'ERR_LOGIN_REQUIRED',
        message: 'Sign in first: sesame login --profile auditor',
      })
      await must(home.run(['profile', 'delete', 'corp']))
      expect(await failureOf(world, 'auditor')).toMatchObject({
        code: 'ERR_CONFIG',
        message: expect.stringContaining('profile corp, which does not exist'),
      })
    }),
  )

  test.each([
    ['V1', false],
    ['V4', true],
  ])('ali-oss, signature %s, with the end of a chain: a strict OSS takes it', (_version, authorizationV4) =>
    inFourKinds(async (world) => {
      const { sts } = world
      await logIn(world, 'auditor')
      ageTokens(world, 'credentials', -1000)
      // Whatever STS has handed out is known there, by its id.
      const oss = await startOss({
        credentials: (accessKeyId) => {
          const identity = sts.identityOf(accessKeyId)
          const index = identity === undefined ? -1 : sts.issued.length - 2
          const [secret, token] = [sts.issued[index]?.value, sts.issued[index + 1]?.value]
          if (secret === undefined || token === undefined) return undefined
          return { accessKeyId, accessKeySecret: secret, securityToken: token }
        },
      })
      try {
        const body = `
          const OSS = require('ali-oss')
          async function main() {
            const options = await aliOssOptions(createCredentialsProvider({ profile: 'auditor' }))
            const client = new OSS({ ...options, endpoint: process.argv[1], cname: false,
              region: 'oss-cn-hangzhou', bucket: 'reports', authorizationV4: ${authorizationV4} })
            await client.put('a folder/ü.txt', Buffer.from('text of the chain'))
            const { content } = await client.get('a folder/ü.txt')
            print(String(content))
          }
          main()`
        expect(await library(world, body, [`http://127.0.0.1:${oss.port}`])).toBe('text of the chain')
        expect(oss.refusals).toEqual([])
        expect(oss.served).toHaveLength(2)
      } finally {
        await oss.close()
      }
    })(),
  )
})
