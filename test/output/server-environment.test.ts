import { expect, test } from 'vitest'
import {
  formatServer,
  formatServerEnd,
  formatServerFailure,
  formatSocketServer,
  serverFormats,
} from '../../src/output/index.ts'

const url = `http://127.0.0.1:1127/${'a'.repeat(43)}`
const address = { url, noFile: '/state/no-credentials-file' }
const of = { profile: 'dev', region: 'cn-hangzhou' }
const format = (
  shell: (typeof serverFormats)[number],
  env: Record<string, string> = {},
  platform: NodeJS.Platform = 'linux',
) => formatServer(shell, address, of, { env, platform, pid: 4711 })

test('[case 194] what a shell evaluates: all that makes the URI win, and nothing that beats it', () => {
  const env = {
    PATH: '/bin',
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'other',
    ALIBABA_CLOUD_PROFILE: 'other',
    ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/t',
    ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:9/former',
    SESAME_EXPIRATION: '2026-11-21T08:00:00Z',
    SESAME_PASSPHRASE: 'stays',
  }
  const { text, removedProxies } = format('env', env)
  expect(removedProxies).toEqual([])
  expect(text.split('\n')).toEqual([
    'unset -v ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_PROFILE ALIBABA_CLOUD_OIDC_TOKEN_FILE SESAME_EXPIRATION',
    'export NO_PROXY=127.0.0.1,localhost,::1',
    'export no_proxy=127.0.0.1,localhost,::1',
    ...[
      'ALIBABA_CLOUD_REGION_ID',
      'ALIBABA_CLOUD_REGION',
      'ALICLOUD_REGION',
      'ALIBABACLOUD_REGION_ID',
      'OSS_REGION',
    ].map((name) => `export ${name}=cn-hangzhou`),
    `export ALIBABA_CLOUD_CREDENTIALS_URI=${url}`,
    `export ALICLOUD_CREDENTIALS_URI=${url}`,
    'export ALIBABA_CLOUD_CLI_PROFILE_DISABLED=true',
    'export ALIBABA_CLOUD_ECS_METADATA_DISABLED=true',
    'export ALIBABA_CLOUD_CREDENTIALS_FILE=/state/no-credentials-file',
    'export SESAME_PROFILE=dev',
    'export SESAME_SERVE_PID=4711',
    '',
  ])
})

test('[case 192] proxies for http go, and are named; those for https stay', () => {
  const env = { HTTP_PROXY: 'http://p', http_proxy: 'http://p', HTTPS_PROXY: 'http://p', NO_PROXY: 'intern' }
  const { text, removedProxies } = format('env', env)
  expect(removedProxies).toEqual(['HTTP_PROXY', 'http_proxy'])
  expect(text).toMatch(/^unset -v HTTP_PROXY http_proxy\nexport NO_PROXY=intern,127\.0\.0\.1,localhost,::1\n/)
  expect(text).not.toContain('HTTPS_PROXY')
})

test('[case 194] names of Windows have no case; nothing but names is ever unset', () => {
  const env = { alibaba_cloud_access_key_id: 'other', 'ALIBABA_CLOUD_OIDC_A;calc': 'x' }
  expect(format('powershell', env, 'win32').text).toMatch(
    /^Remove-Item [^\n]* Env:alibaba_cloud_access_key_id\n\$env:NO_PROXY = '127/,
  )
  expect(format('cmd', env, 'win32').text).toMatch(/^set "alibaba_cloud_access_key_id="\nset "NO_PROXY=127/)
})

test.each(serverFormats)(
  '[case 194] %s: what is set is taken out again, and a failure leaves nothing that serves',
  (shell) => {
    const set = format(shell).text.match(/ALI\w+(?:URI|DISABLED|FILE)|SESAME_SERVE_PID/g) ?? []
    for (const name of set) expect(formatServerEnd(shell)).toContain(name)
    const failure = formatServerFailure(shell)
    for (const name of ['ALIBABA_CLOUD_CREDENTIALS_URI', 'ALIBABA_CLOUD_ACCESS_KEY_ID'])
      expect(failure).toContain(name)
    // The server that is there can still be ended.
    expect(failure).not.toContain('SESAME_SERVE_PID')
  },
)

test.each(serverFormats)(
  '%s: a socket is named, nothing else of the shell changes, and it is taken out again',
  (shell) => {
    const text = formatSocketServer(shell, { socket: '/home/me/a b', url, pid: 4711 })
    const names = ['SESAME_SERVE_SOCKET', 'SESAME_SERVE_URL', 'SESAME_SERVE_PID']
    expect(text.match(/[A-Z_]{5,}/g)).toEqual(names)
    for (const name of names) expect(formatServerEnd(shell)).toContain(name)
    expect(() => formatSocketServer(shell, { socket: '/home/me/a\nb', url, pid: 4711 })).toThrow(
      expect.objectContaining({ code: 'ERR_UNSAFE_OUTPUT' }),
    )
  },
)
