import { describe, expect, test } from 'vitest'
import { type ExpiryNotice, presignV1, presignV4 } from '../../src/oss/index.ts'

const request = { method: 'GET', bucket: 'reports', key: 'may.csv' }
const now = new Date('2026-11-21T12:00:00.700Z')
const keys = { accessKeyId: 'STS.N', accessKeySecret: 'secret', securityToken: 'CAIS' }

/** Seconds for which a URL is valid, by what it says itself. */
const lifetimes = {
  V4: (url: string) => Number(new URL(url).searchParams.get('x-oss-expires')),
  V1: (url: string) => Number(new URL(url).searchParams.get('Expires')) - Math.floor(now.getTime() / 1000),
}

describe.each([
  ['V4', presignV4],
  ['V1', presignV1],
] as const)('a URL of %s', (version, presign) => {
  const made = (expiresSeconds: number | undefined, expiry: object = {}) => {
    const notices: ExpiryNotice[] = []
    const onNotice = (notice: ExpiryNotice) => notices.push(notice)
    const url = presign(
      request,
      { ...keys, ...expiry },
      { region: 'cn-hangzhou', now, expiresSeconds, onNotice },
    )
    return { seconds: lifetimes[version](url), notices }
  }

  test('is valid for as long as was asked for, an hour by default', () => {
    expect(made(600)).toEqual({ seconds: 600, notices: [] })
    expect(made(undefined)).toEqual({ seconds: 3600, notices: [] })
    expect(made(604_800)).toEqual({ seconds: 604_800, notices: [] })
  })

  test.each([
    ['expiresAt', { expiresAt: new Date('2026-11-21T12:10:00.200Z') }],
    ['expiration', { expiration: new Date('2026-11-21T12:10:00.200Z') }],
  ])('ends with the credentials (%s), which is said', (_name, expiry) => {
    expect(made(599, expiry)).toEqual({ seconds: 599, notices: [] })
    expect(made(600, expiry)).toEqual({ seconds: 600, notices: [] })
    const { seconds, notices } = made(601, expiry)
    expect(seconds).toBe(600)
    expect(notices).toEqual([
      {
        code: 'expires-capped',
        message: 'The URL ends with the credentials in 600 s, not in 601 s.',
        expiresAt: new Date('2026-11-21T12:10:00Z'),
        expiresSeconds: 600,
      },
    ])
  })

  test('of credentials in their last second is refused', () => {
    expect(() => made(60, { expiresAt: new Date('2026-11-21T12:00:00.900Z') })).toThrow(
      expect.objectContaining({ code: 'ERR_USAGE' }),
    )
  })

  test('is capped also without a listener', () => {
    const expiresAt = new Date('2026-11-21T12:01:00Z')
    const url = presign(request, { ...keys, expiresAt }, { region: 'cn-hangzhou', now })
    expect(lifetimes[version](url)).toBe(60)
  })
})

test('what is made depends on nothing but the arguments', () => {
  const options = { region: 'cn-hangzhou', now }
  expect(presignV4(request, keys, options)).toBe(presignV4(request, keys, options))
  expect(presignV4(request, keys, { ...options, region: 'oss-cn-hangzhou' })).toBe(
    presignV4(request, keys, options),
  )
})
