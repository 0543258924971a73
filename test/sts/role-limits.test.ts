import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roleSessionNameFrom } from '../../src/sts/index.ts'
import {
  checkDurationSeconds,
  checkExternalId,
  checkOidcProviderArn,
  checkPolicy,
  checkRoleArn,
  checkRoleSessionName,
} from '../../src/values/index.ts'

const usage = (words: string | RegExp) =>
  expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringMatching(words) })

const arn = 'acs:ram::1234567890123456:'
const policy = '{"Version":"1","Statement":[]}'

describe('what STS documents is accepted as it is', () => {
  test.each<[string, (value: string) => string, string[]]>([
    ['role ARN', checkRoleArn, [`${arn}role/adminrole`, `${arn}role/A.b_c-${'d'.repeat(58)}`]],
    [
      'provider ARN',
      checkOidcProviderArn,
      [`${arn}oidc-provider/TestOidcIdp`, `${arn}oidc-provider/a.b-c_d`],
    ],
    ['session name', checkRoleSessionName, ['al', 'a'.repeat(64), 'alice.b@example-corp.com', '__']],
    ['policy', checkPolicy, [policy, policy.padEnd(2048)]],
    ['external id', checkExternalId, ['ab', 'a+=,.@:/-_9', 'x'.repeat(1224)]],
  ])('%s', (_, check, values) => {
    for (const value of values) expect(check(value)).toBe(value)
  })

  test('durations', () => {
    for (const seconds of [900, 3600, 43_200]) expect(checkDurationSeconds(seconds)).toBe(seconds)
  })
})

describe('what is outside is refused before anything is sent, by the name of the option', () => {
  test.each([
    '',
    'adminrole',
    'acs:ram::123:user/x',
    'acs:ram:::role/x',
    'acs:ram::1*:role/x',
    `${arn}role/`,
    `${arn}role/a b`,
    `${arn}role/${'x'.repeat(65)}`,
    ` ${arn}role/x`,
    `${arn}role/x\n`,
    `${arn}role/ü`,
  ])('--role-arn %j', (value) => {
    expect(() => checkRoleArn(value)).toThrow(usage(/^--role-arn .*acs:ram::<account id>:role\/<name>/))
  })

  test.each(['', `${arn}role/x`, `${arn}oidc-provider/`, 'x'])('--oidc-provider-arn %j', (value) => {
    expect(() => checkOidcProviderArn(value)).toThrow(usage(/^--oidc-provider-arn /))
  })

  test.each(['', 'a', 'a'.repeat(65), 'a b', 'a/b', 'é1', 'ab\n', '忍者神龟'])(
    '--role-session-name %j',
    (value) => {
      expect(() => checkRoleSessionName(value)).toThrow(usage(/^--role-session-name .*2 to 64/))
    },
  )

  test.each([0, 899, 43_201, -900, 900.5, Number.NaN, Number.POSITIVE_INFINITY])(
    '--duration-seconds %d',
    (value) => {
      expect(() => checkDurationSeconds(value)).toThrow(usage(/^--duration-seconds .*900 to 43200/))
    },
  )

  test.each([
    ['empty', '', /1 to 2048/],
    ['too long', policy.padEnd(2049), /1 to 2048 characters long, not 2049/],
    ['no JSON', '{', /JSON object/],
    ['an array', '[]', /JSON object/],
    ['null', 'null', /JSON object/],
    ['no Statement', '{"Version":"1"}', /Version and Statement/],
  ])('--policy: %s', (_, value, words) => {
    expect(() => checkPolicy(value)).toThrow(usage(/^--policy /))
    expect(() => checkPolicy(value)).toThrow(usage(words))
  })

  test.each(['', 'a', 'x'.repeat(1225), 'a b', 'a;b', 'ü2'])('--external-id %j', (value) => {
    expect(() => checkExternalId(value)).toThrow(usage(/^--external-id .*2 to 1224/))
  })

  test('control characters of a value do not reach the terminal', () => {
    expect(() => checkRoleArn('\u001b]0;owned\u0007')).toThrow(usage(/\\u001b\]0;owned\\u0007/))
  })
})

describe('a session name from what is known of the person', () => {
  test.each<[(string | undefined)[], string]>([
    [['alice'], 'alice'],
    [['alice@example.com'], 'alice@example.com'],
    [['auth0|5f7c'], 'auth0-5f7c'],
    [['CORP\\jdoe'], 'CORP-jdoe'],
    [['Zoë Müller'], 'Zoe-Muller'],
    [['--x  y--'], 'x-y'],
    [['x'.repeat(100)], 'x'.repeat(64)],
    [[undefined, '', '忍者', '?', 'a', 'bob', 'alice'], 'bob'],
    [[], 'sesame'],
    [[undefined], 'sesame'],
  ])('%j -> %s', (candidates, name) => {
    expect(roleSessionNameFrom(...candidates)).toBe(name)
  })

  test('is always one that STS takes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 })), (candidates) => {
        const name = roleSessionNameFrom(...candidates)
        expect(checkRoleSessionName(name)).toBe(name)
      }),
      { numRuns: 500 },
    )
  })

  test('a valid name stays as it is, hyphens at its ends aside', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9.@_][A-Za-z0-9.@_-]{0,62}[A-Za-z0-9.@_]$/), (name) => {
        expect(roleSessionNameFrom(name)).toBe(name)
      }),
    )
  })
})
