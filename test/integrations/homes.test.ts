import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { profileImportCommand } from '../../src/cli/commands/profile/import.ts'
import { checkAliyunCli } from '../../src/doctor/aliyun-cli.ts'
import { lookAtFiles } from '../../src/doctor/leftovers.ts'
import { checkSdkChain } from '../../src/doctor/sdk-chain.ts'
import { configureAliyun } from '../../src/integrations/aliyun/configure.ts'
import type { IntegrationContext } from '../../src/integrations/integration.ts'
import { homeOfTool, systemClock, type UserHome } from '../../src/kit/index.ts'

let directory: string
let user: UserHome
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'homes-'))
  for (const name of ['home', 'profile', 'drive']) mkdirSync(join(directory, name))
  user = {
    platform: 'win32',
    homeDirectory: join(directory, 'home'),
    env: {
      HOME: join(directory, 'home'),
      USERPROFILE: join(directory, 'profile'),
      HOMEDRIVE: '',
      HOMEPATH: join(directory, 'drive'),
    },
  }
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

/** A profile of the aliyun CLI below one of the three. */
function writeCli(below: string, name: string): void {
  mkdirSync(join(directory, below, '.aliyun'))
  const profile = {
    name,
    mode: 'CloudSSO',
    cloud_sso_sign_in_url: `https://signin-cn-shanghai.alibabacloudsso.com/${name}/login`,
    access_token: `token-of-${name}`,
    cloud_sso_access_token_expire: Math.floor(Date.now() / 1000) + 3600,
  }
  const text = JSON.stringify({ current: name, profiles: [profile] })
  writeFileSync(join(directory, below, '.aliyun', 'config.json'), text)
}

describe('[case 187] the home directory of another tool', () => {
  test('on Windows each has its own rule', () => {
    const windows = (env: UserHome['env']) => ({ platform: 'win32' as const, homeDirectory: 'Q:\\q', env })
    const all = { HOME: '/c/u', USERPROFILE: 'C:\\u', HOMEDRIVE: 'H:', HOMEPATH: '\\' }
    expect(homeOfTool('aliyun', windows(all))).toBe('H:\\')
    expect(homeOfTool('sdk', windows(all))).toBe('C:\\u')
    expect(homeOfTool('acs-sso', windows(all))).toBe('C:\\u')
    expect(homeOfTool('aliyun', windows({ ...all, HOMEDRIVE: '', HOMEPATH: '' }))).toBe('C:\\u')
    expect(homeOfTool('acs-sso', windows({ HOME: '/c/u' }))).toBe('Q:\\q')
  })

  test('elsewhere it is that of the user, whatever else is set', () => {
    const env = { HOME: homedir(), USERPROFILE: 'C:\\u', HOMEDRIVE: 'H:', HOMEPATH: '\\' }
    for (const tool of ['aliyun', 'sdk', 'acs-sso'] as const)
      expect(homeOfTool(tool, { platform: 'linux', homeDirectory: homedir(), env })).toBe(homedir())
  })

  test('configure --for aliyun writes where the CLI looks', async () => {
    const program: IntegrationContext = {
      edges: user,
      session: {
        clock: systemClock,
        signal: new AbortController().signal,
        withLock: async (_name, work) => work(),
      },
      interactive: false,
      print: () => undefined,
      notify: () => undefined,
    }
    const wanted = {
      profile: 'dev',
      sesame: ['sesame'],
      region: undefined,
      regionHere: undefined,
      accountId: undefined,
      print: false,
      overwrite: false,
    }
    await configureAliyun(wanted, program)
    const written = ['home', 'profile', 'drive'].filter((name) =>
      existsSync(join(directory, name, '.aliyun', 'config.json')),
    )
    expect(written).toEqual(['drive'])
  })

  test('profile import reads the CLI’s file and that of acs-sso', async () => {
    writeCli('home', 'bash')
    writeCli('profile', 'sdk')
    writeCli('drive', 'cli')
    for (const below of ['home', 'profile', 'drive'])
      writeFileSync(
        join(directory, below, '.alibabacloud_sso'),
        JSON.stringify({ signinUrl: `https://signin-cn-shanghai.alibabacloudsso.com/${below}/login` }),
      )
    const printed: string[] = []
    const program = {
      edges: { ...user, clock: systemClock },
      session: { readConfig: () => ({ profiles: new Map() }) },
      print: (text: string) => void printed.push(text),
      notify: (line: string) => void printed.push(line),
    }
    const input = { text: () => undefined, all: () => [], has: (name: string) => name === 'dry-run' }
    await profileImportCommand.run({ ...input, positionals: [] }, program as never)
    expect(printed.join('')).toContain('cli')
    expect(printed.join('')).toContain('alibabacloudsso.com/profile/login')
    expect(printed.join('')).not.toMatch(/bash|com\/(?:home|drive|sdk)\//)
  })

  test('the doctor looks where the CLI and where the SDKs look', () => {
    writeCli('profile', 'sdk')
    writeCli('drive', 'cli')
    const { env, platform } = user
    const files = lookAtFiles(user.homeDirectory, env, new Date(), (tool) => homeOfTool(tool, user))
    expect(checkAliyunCli({}, platform, files.aliyun)?.message).toContain('profile cli')
    const chain = { env: {}, platform, aliyun: files.aliyunOfSdks, iniPath: undefined }
    expect(checkSdkChain(chain).message).toContain('profile sdk')
    expect(files.leftovers.aliyun?.path).toContain('drive')
  })
})
