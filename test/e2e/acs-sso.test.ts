import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPortal, type TestPortal } from '../support/portal.ts'
import { recordOutput } from '../support/record.ts'
import { makeHome, sesameCommand } from '../support/sesame.ts'

/*
 * People who come from acs-sso keep their fingers and their scripts: every command and flag of acs-sso 1.3.1, typed as
 * it was, through a symbolic link of that name.
 */

let portal: TestPortal
let home: ReturnType<typeof makeHome>
let bin: string

/** More digits than a double holds, and a leading zero: as a number either would be another account. */
const accounts = ['9007199254740993123', '0012345678901234']

beforeAll(async () => {
  portal = await startPortal({
    directory: {
      accounts: accounts.map((AccountId, i) => ({
        AccountId,
        DisplayName: `account-${i}`,
        configurations: ['admin', 'reader'].map((name) => ({
          AccessConfigurationId: `ac-01${name}${i}`,
          AccessConfigurationName: name,
        })),
      })),
    },
  })
  home = makeHome()
  bin = join(home.home, 'bin')
  mkdirSync(bin)
  const [program, script] = sesameCommand
  if (script === undefined) symlinkSync(program, join(bin, 'acs-sso'))
  else {
    symlinkSync(script, join(bin, 'acs-sso.cjs'))
    writeFileSync(join(bin, 'acs-sso'), `#!/bin/sh\nexec '${program}' '${bin}/acs-sso.cjs' "$@"\n`)
    chmodSync(join(bin, 'acs-sso'), 0o755)
  }
})
afterAll(async () => {
  await portal.stop()
  home.remove()
})

interface ShellResult {
  code: number
  stdout: string
  stderr: string
}

/** Runs a line in a shell that finds `acs-sso` on its PATH. */
function inShell(line: string, shell = 'sh', env: Record<string, string> = {}): Promise<ShellResult> {
  const options = {
    cwd: join(home.home, 'work'),
    env: { PATH: `${bin}:${process.env.PATH}`, HOME: home.home, SESAME_STORE: 'plaintext', ...env },
  }
  return new Promise((resolve) => {
    execFile(shell, ['-c', line], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code)
      recordOutput({ words: [line], stdout, stderr, code })
      resolve({ code, stdout, stderr })
    })
  })
}

describe('acs-sso configure', () => {
  test('--signinUrl sets the URL of all profiles', async () => {
    const { code, stdout } = await inShell(`acs-sso configure --signinUrl ${portal.signInUrl}`)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect((await inShell(`acs-sso configure --signinUrl=${portal.signInUrl}`)).code).toBe(0)
  })
})

describe('acs-sso login', () => {
  test.each(accounts)('--profile, --account_id %s, --access_config: ids stay strings', async (id) => {
    const words = `--profile p${id} --account_id ${id} --access_config admin`
    const { code, stdout } = await inShell(`acs-sso login ${words}`)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      mode: 'StsToken',
      access_key_id: expect.stringMatching(/^STS\./),
      access_key_secret: expect.any(String),
      sts_token: expect.any(String),
      expiration: expect.any(String),
    })
    expect(portal.requests.at(-1)?.body).toMatchObject({ AccountId: id })
  })

  test('the profile of the last login is the current one; --env prints it as exports', async () => {
    const { code, stdout, stderr } = await inShell('acs-sso login --env')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    for (const name of [
      'ALIBABA_CLOUD_ACCESS_KEY_ID',
      'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
      'ALIBABA_CLOUD_SECURITY_TOKEN',
      'ALIBABACLOUD_ACCESS_KEY_ID',
      'ALIBABACLOUD_ACCESS_KEY_SECRET',
      'SECURITY_TOKEN',
      'ALICLOUD_ACCESS_KEY',
      'ALICLOUD_SECRET_KEY',
      'ALICLOUD_SECURITY_TOKEN',
    ])
      expect(stdout).toMatch(new RegExp(`^export ${name}=\\S+$`, 'm'))
    expect(stdout).toContain(`SESAME_PROFILE=p${accounts[1]}\n`)
  })

  test.each(['bash', 'dash'])('`acs-sso login --env`, unquoted as its manual says, in %s', async (shell) => {
    const line = '`acs-sso login --env`; env'
    const { code, stdout, stderr } = await inShell(line, shell)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { stdout: json } = await inShell('acs-sso login')
    const { access_key_id, access_key_secret, sts_token } = JSON.parse(json)
    expect(stdout).toContain(`ALIBABA_CLOUD_ACCESS_KEY_ID=${access_key_id}\n`)
    expect(stdout).toContain(`ALIBABA_CLOUD_ACCESS_KEY_SECRET=${access_key_secret}\n`)
    expect(stdout).toContain(`ALIBABA_CLOUD_SECURITY_TOKEN=${sts_token}\n`)
  })

  test('--force asks for new credentials', async () => {
    const before = portal.requests.length
    expect((await inShell('acs-sso login --force')).code).toBe(0)
    expect(portal.calls().slice(before)).toContain('POST /cloud-credentials')
  })

  test('an account that one has not', async () => {
    const { code, stdout, stderr } = await inShell('acs-sso login --profile other --account_id 999')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('sesame: You have no account 999.\n')
    expect(stderr).toContain(`  ${accounts[0]}  account-0\n`)
  })
})

describe('acs-sso profile', () => {
  test('the table: name with a star for the current one, account, access configuration, status', async () => {
    const { code, stdout } = await inShell('acs-sso profile')
    expect(code).toBe(0)
    expect(stdout).toMatch(/│ Profile +│ Account ID +│ Access Configuration ID +│ Status +│/)
    expect(stdout).toMatch(/│ p0012345678901234 \* +│ 0012345678901234 +│ ac-01admin1 +│ Available +│/)
    expect(stdout).toMatch(/│ p9007199254740993123 +│ 9007199254740993123 +│ ac-01admin0 +│ Available +│/)
  })

  test('--delete --profile deletes one; without a name, or a second time, it is an error', async () => {
    const deletion = `acs-sso profile --delete --profile p${accounts[0]}`
    expect(await inShell(deletion)).toEqual({
      code: 0,
      stdout: '',
      stderr: `Deleted profile p${accounts[0]}.\n`,
    })
    expect((await inShell('acs-sso profile')).stdout).not.toContain(accounts[0])
    expect(await inShell(deletion)).toMatchObject({ code: 2, stdout: '' })
    const nameless = await inShell('acs-sso profile --delete')
    expect(nameless.stderr).toBe(
      'sesame: Name the profile to delete.\nFor example: sesame profile delete dev\n',
    )
    expect(nameless.code).toBe(2)
  })
})

describe('the other commands of acs-sso', () => {
  test('doc prints the address where no browser opens: Chinese by default, as in acs-sso', async () => {
    const cn = await inShell('acs-sso doc')
    expect(cn).toMatchObject({ code: 0, stdout: expect.stringMatching(/^https:\/\/help\.aliyun\.com\/zh\//) })
    expect((await inShell('acs-sso doc --language cn')).stdout).toBe(cn.stdout)
    expect((await inShell('acs-sso doc --language en')).stdout).toMatch(
      /^https:\/\/www\.alibabacloud\.com\/help\/en\//,
    )
  })

  test('version, completion, help, help login', async () => {
    expect((await inShell('acs-sso version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
    const completion = await inShell('acs-sso completion', 'sh', { SHELL: '/bin/zsh' })
    expect(completion).toMatchObject({ code: 0, stdout: expect.stringMatching(/^#compdef/) })
    const login = await inShell('acs-sso help login')
    expect(login.code).toBe(0)
    for (const flag of ['--profile', '--force', '--env', '--account_id', '--access_config'])
      expect(login.stdout).toContain(flag)
  })

  test('without a command it prints the help and succeeds', async () => {
    const bare = await inShell('acs-sso')
    expect(bare).toMatchObject({ code: 0, stderr: '' })
    expect(bare).toEqual(await inShell('acs-sso help'))
    for (const name of ['help', 'version', 'completion', 'login', 'configure', 'profile', 'doc'])
      expect(bare.stdout).toMatch(new RegExp(`^ +${name} `, 'm'))
  })

  test('an unknown command is an error that names help', async () => {
    expect(await inShell('acs-sso nonsense')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'sesame: "nonsense" is not a command of sesame.\nSee "sesame help".\n',
    })
  })
})
