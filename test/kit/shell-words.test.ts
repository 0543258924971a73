import { describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/doctor/config.ts'
import { checkEnvironment } from '../../src/doctor/environment.ts'
import { checkLeftStore } from '../../src/doctor/left-stores.ts'
import { checkLeftovers } from '../../src/doctor/leftovers.ts'
import { checkStore } from '../../src/doctor/store.ts'
import { integrations } from '../../src/integrations/index.ts'
import { shells, shellWordsOf, systemClock } from '../../src/kit/index.ts'
import { spawnSync } from '../support/run-sync.ts'

const powershellModules =
  'C:\\Users\\me\\Documents\\PowerShell\\Modules;C:\\Program Files\\WindowsPowerShell\\Modules'
const machineModules = 'C:\\Program Files\\WindowsPowerShell\\Modules'
const me = { USERPROFILE: 'C:\\Users\\me' }

describe('[case 188] which shell', () => {
  test.each([
    ['nothing known on Windows', {}, 'win32', 'powershell'],
    ['PowerShell', { ...me, PSModulePath: powershellModules }, 'win32', 'powershell'],
    ['PowerShell in cmd', { ...me, PSModulePath: powershellModules, PROMPT: '$P$G' }, 'win32', 'powershell'],
    ['cmd', { ...me, PSModulePath: machineModules, PROMPT: '$P$G' }, 'win32', 'cmd'],
    ['Git Bash', { MSYSTEM: 'MINGW64', PROMPT: '$P$G' }, 'win32', 'posix'],
    ['PowerShell on Linux', { POWERSHELL_DISTRIBUTION_CHANNEL: 'x' }, 'linux', 'powershell'],
    ['bash', { SHELL: '/bin/bash', PROMPT: 'x' }, 'linux', 'posix'],
    ['zsh', {}, 'darwin', 'posix'],
    ['fish', { SHELL: '/usr/bin/fish' }, 'linux', 'fish'],
  ] as const)('%s', (_what, env, platform, shell) => {
    expect(shellWordsOf(env, platform)).toBe(shells[shell])
  })
})

describe('[case 188] their words', () => {
  test('bash does what they say', () => {
    const { set, unset, inOrder } = shells.posix
    const script = `${set({ A: '1', B: '2' })}; ${inOrder('test "$A$B" = 12', unset(['A', 'B']))}; echo "<$A$B>"`
    expect(spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' }).stdout).toBe('<>\n')
  })

  test.skipIf(spawnSync('fish', ['--version']).error !== undefined)('fish does what they say', () => {
    const { set, unset, word } = shells.fish
    const odd = "it's a \\\\ b\\"
    const script = `${set({ A: '1' })}; printf '<%s>' "$A" ${word(odd)}; ${unset(['A'])}; printf '<%s>' "$A"`
    expect(spawnSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' }).stdout).toBe(
      `<1><${odd}><>`,
    )
  })

  test('PowerShell and cmd', () => {
    expect(shells.powershell.set({ A: 'x', B: 'y' })).toBe("$Env:A = 'x'; $Env:B = 'y'")
    expect(shells.cmd.set({ A: 'x', B: 'y' })).toBe('set "A=x" & set "B=y"')
    expect(shells.cmd.unset(['A', 'B'])).toBe('set "A=" & set "B="')
    expect(shells.powershell.move("C:\\it's", 'D:\\x y')).toBe("Move-Item -LiteralPath 'C:\\it''s' 'D:\\x y'")
    expect(shells.cmd.move('C:\\a b', 'C:\\c')).toBe('move "C:\\a b" "C:\\c"')
    expect(shells.powershell.inOrder('a', 'b')).not.toContain('&&')
  })
})

describe('[case 188] what is printed on Windows', () => {
  const ofAnotherSystem =
    /\b(?:export|unset|chmod|chown|mv|rm|ls|sudo|apt|eval|gnome-keyring\S*|\S+\.sh)\b|\$\(|2>&1/

  /** Everything that the doctor says about broken states. */
  function fixes(env: Record<string, string>): string[] {
    const words = shellWordsOf(env, 'win32')
    const now = new Date('2026-11-21T08:00:00Z')
    const broken = { kind: 'failed', message: 'x', hint: undefined } as const
    const path = 'C:\\Users\\me\\a b'
    const profile = {
      name: 'a',
      mode: 'CloudSSO',
      secrets: ['sts_token'],
      usable: true,
      isBlank: false,
      runsSesame: false,
    }
    const shell = {
      ...env,
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'STS.x',
      SESAME_EXPIRATION: '2020-01-01T00:00:00Z',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      OSS_ACCESS_KEY_ID: 'LTAI',
    }
    return [
      ...checkEnvironment(shell, 'win32', now),
      ...checkConfig(
        { path, directory: path, fileMode: 0, directoryMode: 0, isPrivate: true, read: broken },
        words,
      ),
      ...checkLeftovers(
        {
          acsSso: { path, mode: 0, holdsSecrets: true },
          aliyun: { path, mode: 0, profiles: [profile] },
          aliyunCopies: [{ path, mode: 0, profiles: [profile] }],
          keyFiles: [{ path, mode: 0, of: 'x' }],
          plaintextStore: { path, items: 1, openToOthers: 0, inUse: false, shared: false },
          unreadable: [{ path, reason: 'x' }],
        },
        [checkLeftStore({ store: 'plaintext', profiles: [], reason: 'x', words })],
        words,
      ),
      checkStore({ choice: 'auto', ...broken }, { fromEnvironment: true, words }),
      checkStore(
        { choice: 'plaintext', kind: 'opened', inspection: { kind: 'plaintext', notes: [] } },
        { fromEnvironment: true, words },
      ),
    ].map(({ fix = '' }) => fix)
  }

  test.each([
    ['PowerShell', {}, /^(?:Remove-Item|\$Env:|Move-Item|See why with: \$Env:|sesame|aliyun)/],
    ['cmd', { PROMPT: '$P$G' }, /^(?:set|move|del|rmdir|See why with: set|for|sesame|aliyun)/],
  ])('by the doctor, in %s', (_what, env, own) => {
    const all = fixes(env as Record<string, string>)
    expect(all.length).toBeGreaterThan(8)
    for (const fix of all) {
      expect(fix).not.toMatch(ofAnotherSystem)
      expect(fix).toMatch(own)
    }
  })

  test('by the scripts for other tools', async () => {
    for (const tool of ['sdk', 'terraform', 'ossutil'] as const) {
      const { script, said } = await scriptFor(tool, 'win32')
      expect(script).not.toMatch(/\.sh\b|[^\x20-\x7e\r\n]/)
      expect(script).toMatch(/\.cmd/)
      expect(said).toContain('.cmd')
      expect((await scriptFor(tool, 'linux')).said).not.toContain('.cmd')
    }
  })
})

/** What `configure --for` prints, and what it says beside it. */
async function scriptFor(tool: 'sdk' | 'terraform' | 'ossutil', platform: NodeJS.Platform) {
  const printed: string[] = []
  const said: string[] = []
  const handover = { profile: 'dev', sesame: ['node', 'x'], print: true, overwrite: false }
  await integrations[tool].configure(
    { ...handover, region: undefined, regionHere: undefined, accountId: undefined },
    {
      edges: { env: {}, platform, homeDirectory: '/home/dev' },
      session: {
        clock: systemClock,
        signal: new AbortController().signal,
        withLock: async (_name, work) => work(),
      },
      interactive: false,
      print: (text) => void printed.push(text),
      notify: (line) => void said.push(line),
    },
  )
  return { script: printed.join(''), said: said.join('\n') }
}
