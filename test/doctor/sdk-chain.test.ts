import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lookAtFiles } from '../../src/doctor/leftovers.ts'
import { checkSdkChain } from '../../src/doctor/sdk-chain.ts'

/** What the official Node SDK really takes: the name of the provider that answered. */
function providerOfSdk(home: string, env: Record<string, string>): Promise<string> {
  const sdk = createRequire(import.meta.url).resolve('@alicloud/credentials')
  const script = `const { default: Client } = require(${JSON.stringify(sdk)})
    new Client().getCredential().then(({ providerName }) => console.log(providerName), () => console.log('none'))`
  const options = {
    env: { PATH: process.env.PATH, HOME: home, ALIBABA_CLOUD_ECS_METADATA_DISABLED: 'true', ...env },
  }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['-e', script], options, (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    )
  })
}

const keys = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAIenv', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'x' }
const ak = { name: 'ak', mode: 'AK', access_key_id: 'LTAIcli', access_key_secret: 'x' }
const uriMode = { name: 'uri', mode: 'CredentialsURI', credentials_uri: 'http://127.0.0.1:9/' }
const expired = {
  name: 'sso',
  mode: 'CloudSSO',
  cloud_sso_sign_in_url: 'https://127.0.0.1:9/x',
  cloud_sso_account_id: '1',
  cloud_sso_access_config: 'ac',
  access_token: 't',
  cloud_sso_access_token_expire: 1,
}
const ini = '[default]\ntype = access_key\naccess_key_id = LTAIini\naccess_key_secret = x\n'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'chain-'))
})
afterEach(() => rmSync(home, { recursive: true }))

describe('the doctor says what the official SDK does', () => {
  test.each([
    ['keys before a profile', keys, 'ak', ini, /\/env$/, /the keys of this shell/],
    ['a profile before the ini file', {}, 'ak', ini, /cli_profile/, /profile ak \(AK\)/],
    [
      'a profile named by the environment',
      { ALIBABA_CLOUD_PROFILE: 'ak' },
      'uri',
      '',
      /cli_profile/,
      /profile ak/,
    ],
    ['a profile mode that SDKs refuse', {}, 'uri', ini, /\/profile/, /the ini file/],
    ['an expired CloudSSO profile', {}, 'sso', ini, /\/profile/, /the ini file/],
    [
      'profiles switched off',
      { ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'TRUE' },
      'ak',
      ini,
      /\/profile/,
      /the ini file/,
    ],
    ['nothing at all', {}, 'uri', '', /^none$/, /no credentials/],
  ])('%s', async (_, env, current, iniText, provider, message) => {
    mkdirSync(join(home, '.aliyun'))
    mkdirSync(join(home, '.alibabacloud'))
    const config = { current, profiles: [ak, uriMode, expired] }
    writeFileSync(join(home, '.aliyun', 'config.json'), JSON.stringify(config))
    if (iniText !== '') writeFileSync(join(home, '.alibabacloud', 'credentials'), iniText)
    const { aliyun, iniPath } = lookAtFiles(home, env, new Date())
    expect(checkSdkChain({ env, platform: 'linux', aliyun, iniPath }).message).toMatch(message)
    expect(await providerOfSdk(home, env as Record<string, string>)).toMatch(provider)
  })
})
