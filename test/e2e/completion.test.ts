import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { spawnSync } from '../support/run-sync.ts'
import { makeHome, runSesame } from '../support/sesame.ts'
import { installPrograms } from '../support/tmux.ts'

let home: ReturnType<typeof makeHome>
let env: Record<string, string>

beforeAll(() => {
  home = makeHome()
  env = { PATH: `${installPrograms(home.home)}:${process.env.PATH}`, HOME: home.home, LANG: 'C.UTF-8' }
  const directory = join(home.home, '.config', 'sesame')
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const profiles = Object.fromEntries(
    ['dev', 'dev-eu', 'prod@corp'].map((name) => [name, { kind: 'cloudsso' }]),
  )
  writeFileSync(join(directory, 'config.json'), JSON.stringify({ version: 1, profiles }), { mode: 0o600 })
})
afterAll(() => home.remove())

/** What bash offers for a line, with the script that the real program prints. */
function offeredByBash(line: string): string[] {
  const script = `
    eval "$(sesame completion bash)"
    COMP_LINE=$1 COMP_POINT=\${#1} COMP_WORDS=($1)
    [[ $1 == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    _sesame
    printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script, 'bash', line], {
    env,
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  return stdout.split('\n').filter(Boolean)
}

describe('sesame completion', () => {
  test.each(['bash', 'zsh', 'fish'])('the script for %s is one that it can load', async (shell) => {
    const { code, stdout, stderr } = await runSesame(['completion', shell], { home: home.home })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const file = join(home.home, `script.${shell}`)
    writeFileSync(file, stdout)
    const run = spawnSync(shell, ['-n', file], { encoding: 'utf8' })
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('sesame __complete')
  })

  test('the script for PowerShell registers a completer', async () => {
    const { code, stdout } = await runSesame(['completion', 'powershell'], { home: home.home })
    expect(code).toBe(0)
    expect(stdout).toContain('Register-ArgumentCompleter')
  })

  test('without a word it is the shell one is in', async () => {
    const named = await runSesame(['completion', 'zsh'], { home: home.home })
    const own = await runSesame(['completion'], { home: home.home, env: { SHELL: '/usr/bin/zsh' } })
    expect(own).toEqual(named)
    const unknown = await runSesame(['completion'], { home: home.home, env: { SHELL: '/bin/ed' } })
    expect(unknown).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'sesame: Name a shell: bash, zsh, fish, powershell.\nFor example: sesame completion bash\n',
    })
  })

  test('bash offers commands, options with --help, values and profile names', () => {
    expect(offeredByBash('sesame log')).toEqual(['login', 'logout'])
    expect(offeredByBash('sesame login --')).toEqual(expect.arrayContaining(['--profile', '--env', '--help']))
    expect(offeredByBash('sesame login --format p')).toEqual(['powershell'])
    expect(offeredByBash('sesame login --profile d')).toEqual(['dev', 'dev-eu'])
    expect(offeredByBash('sesame profile use ')).toEqual(['dev', 'dev-eu', 'prod@corp'])
    expect(offeredByBash('sesame profile delete p')).toEqual(['prod@corp'])
  })

  test("acs-sso's spellings take their value, but are not offered", () => {
    expect(offeredByBash('sesame login --account_id d')).toEqual([])
    expect(offeredByBash('sesame login --account_')).toEqual([])
  })

  test('fish offers profile names from the real program', () => {
    const offered = spawnSync(
      'fish',
      ['--no-config', '-c', 'sesame completion fish | source; complete -C "sesame profile show d"'],
      { env, encoding: 'utf8' },
    )
    expect(offered.stdout.split('\n').filter(Boolean)).toEqual(['dev\tprofile', 'dev-eu\tprofile'])
  })

  test('a broken configuration completes to nothing, silently', () => {
    const broken = makeHome()
    const directory = join(broken.home, '.config', 'sesame')
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    writeFileSync(join(directory, 'config.json'), '{', { mode: 0o600 })
    const before = env
    env = { ...env, HOME: broken.home }
    try {
      expect(offeredByBash('sesame login --profile d')).toEqual([])
    } finally {
      env = before
      broken.remove()
    }
  })
})

describe('complete -C acs-sso acs-sso, as acs-sso documented its installation', () => {
  /** What bash takes as candidates: the answer to COMP_LINE, with the arguments that bash gives. */
  function offered(line: string): string[] {
    const words = line.split(' ')
    const { stdout, stderr, status } = spawnSync(
      'acs-sso',
      ['acs-sso', words.at(-1) ?? '', words.at(-2) ?? ''],
      {
        env: { ...env, COMP_LINE: line, COMP_POINT: String(line.length) },
        encoding: 'utf8',
      },
    )
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    return stdout.split('\n').filter(Boolean)
  }

  test('command names, then the options of a command', () => {
    expect(offered('acs-sso ')).toEqual(
      expect.arrayContaining(['login', 'configure', 'profile', 'doc', 'completion', 'version', 'help']),
    )
    expect(offered('acs-sso log')).toEqual(['login', 'logout'])
    expect(offered('acs-sso login ')).toEqual(expect.arrayContaining(['--profile', '--force', '--env']))
    expect(offered('acs-sso login --profile dev --e')).toEqual(['--env'])
    expect(offered('acs-sso doc --')).toEqual(['--language'])
    expect(offered('acs-sso nonsense ')).toEqual([])
  })

  test('a variable left in the environment does not stop a command', () => {
    const { stdout } = spawnSync('acs-sso', ['version'], {
      env: { ...env, COMP_LINE: 'acs-sso ', COMP_POINT: '8' },
      encoding: 'utf8',
    })
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
