import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { CloudSsoOptions } from '../../mocks/index.ts'
import { spawnSync } from '../support/run-sync.ts'
import { makeTestHome } from '../support/test-home.ts'
import { startTmux, type Tmux } from '../support/tmux.ts'
import { countCalls, inWorld, type World } from '../support/world.ts'

interface Shell {
  name: 'bash' | 'zsh' | 'fish'
  /** How it is started anew, with a prompt that shows the last status, and the hook. */
  start: string
  /** The start-up file, in HOME, and what stands in it. */
  file: string
  startup: string
  login: string
  pipeStatus: string
}

const shells: Shell[] = [
  {
    name: 'bash',
    file: '.bashrc',
    startup: `PS1='<$?>$ '\nunset HISTFILE\neval "$(sesame hook bash)"`,
    start: 'exec bash --noprofile -i',
    login: 'eval "$(sesame login --env --no-browser 2>/dev/null)"',
    pipeStatus: `echo "kept $? \${PIPESTATUS[*]}"`,
  },
  {
    name: 'zsh',
    file: '.zshrc',
    startup: `PROMPT='<%?>$ '\nunset HISTFILE\neval "$(sesame hook zsh)"`,
    start: 'ZDOTDIR=$HOME exec zsh --no-globalrcs -i',
    login: 'eval "$(sesame login --env --no-browser 2>/dev/null)"',
    pipeStatus: 'echo "kept $? $pipestatus"',
  },
  {
    name: 'fish',
    file: 'startup.fish',
    startup: `function fish_prompt\n  printf '<%s>$ ' $status\nend\nfunction fish_greeting; end\nsesame hook fish | source`,
    start: 'exec fish --no-config --private -C "source ~/startup.fish"',
    login: 'sesame login --format fish --no-browser 2>/dev/null | source',
    pipeStatus: 'echo "kept $status $pipestatus"',
  },
]

/** A person does not type without a rest. */
const pauseMs = 150

const showKey = 'echo "key=$ALIBABA_CLOUD_ACCESS_KEY_ID"'
const keyId = /^key=STS\.(\S+)/m

interface AtWork extends World {
  terminal: Tmux
  /** The screen after the login, on which the hook may already have spoken. */
  atLogin: string
  /** Runs a line and gives the screen once its prompt is there. */
  line(text: string): Promise<string>
  /** Runs a line now and then, as a person at work does, until the screen matches. */
  workUntil(pattern: RegExp): Promise<string>
}

/** A shell on a screen that has the hook and the credentials of a login. */
function atWork(shell: Shell, options: CloudSsoOptions, run: (work: AtWork) => Promise<void>) {
  return inWorld(options, async (world) => {
    const { home } = world.home
    writeFileSync(join(home, shell.file), `${shell.startup}\n`)
    const terminal = await startTmux({ home, env: { SESAME_STORE: 'plaintext' } })
    try {
      const line = async (text: string) => {
        await terminal.clear()
        await terminal.enter(text)
        return terminal.shows(/\n<\d+>\$ ?$/)
      }
      const workUntil = async (pattern: RegExp) => {
        const giveUpAt = performance.now() + 30_000
        for (;;) {
          const screen = await line(showKey)
          if (pattern.test(screen)) return screen
          if (performance.now() > giveUpAt) throw new Error(`never ${pattern}:\n${screen}`)
          await sleep(pauseMs)
        }
      }
      await terminal.enter(shell.start)
      await terminal.shows(/^<0>\$ ?$/m)
      const atLogin = await line(shell.login)
      await run({ ...world, terminal, atLogin, line, workUntil })
    } finally {
      await terminal.stop()
    }
  })
}

describe.each(shells)('the hook on a screen: $name', { concurrent: true }, (shell) => {
  const seen = test.skipIf(spawnSync(shell.name, ['--version']).error !== undefined)

  seen(
    'renews in place, silently, while the sign-in is valid',
    atWork(shell, { sessionSeconds: 4 }, async ({ line, workUntil, ...world }) => {
      const [, first = 'none'] = (await line(showKey)).match(keyId) ?? []
      const screen = await workUntil(new RegExp(`^key=STS\\.(?!${first}$)\\S`, 'm'))
      expect(screen).not.toContain('sesame:')
      expect(first).not.toBe('none')
      expect(countCalls(world, 'POST /device-authorization')).toBe(1)
    }),
  )

  seen(
    'says that a login is due, then unsets, each once, and names the command that brings them back',
    atWork(shell, { sessionSeconds: 8, accessTokenSeconds: 2 }, async ({ atLogin, line, workUntil }) => {
      const said = /^sesame: .* expire at/m
      // On a slow machine the sign-in is over before the first prompt, and it is said there.
      const due = said.test(atLogin) ? `${atLogin}\n${await line(showKey)}` : await workUntil(said)
      expect(due).toMatch(keyId)
      expect(due).toMatch(
        /^sesame: credentials of default expire at \S+Z; sign in with: sesame-login --profile default$/m,
      )
      // From here to the expiry not another word.
      const gone = await workUntil(/^sesame:/m)
      expect(gone).toMatch(
        /^sesame: credentials of default have expired and are unset; sign in with: sesame-login --profile default$/m,
      )
      const after = await line(showKey)
      expect(after).toMatch(/^key=$/m)
      expect(after).not.toContain('sesame:')
      await line('sesame-login --profile default --no-browser')
      expect(await line(showKey)).toMatch(keyId)
    }),
  )

  seen(
    'use and login change this shell alone, show no secret, and leave the current profile',
    atWork(shell, {}, async ({ line, terminal, home }) => {
      const card = await line("sesame login --profile 'prod 生产' --no-browser")
      expect(card).toMatch(/^ {2}Profile {4}prod 生产$/m)
      expect(card).toMatch(/^ {2}Next {7}This shell has the credentials now\.$/m)
      expect(card).not.toContain('STS.')
      const after = await line(`echo "in $SESAME_PROFILE"; ${showKey}`)
      expect(after).toMatch(/^in prod 生产$/m)
      const [, prod = 'none'] = after.match(keyId) ?? []
      await home.run(['configure', '--profile', 'new', '--signin-url', 'http://127.0.0.1:1/x/login'])
      expect(await line('sesame use new')).toMatch(
        /^This shell uses profile new\. Sign in with: sesame login$/m,
      )
      expect(await line(`echo "in $SESAME_PROFILE"; ${showKey}`)).toMatch(/^in new\nkey=$/m)
      await line('sesame use default')
      await terminal.clear()
      await terminal.enter('sesame use')
      await terminal.shows(/^❯ [\s\S]*Esc to leave$/m)
      await terminal.press('Escape')
      expect(await terminal.shows(/\n<\d+>\$ ?$/)).toMatch(/<130>\$ ?$/)
      await terminal.enter('sesame use')
      await terminal.shows(/^❯ [\s\S]*Esc to leave$/m)
      await terminal.type('prod')
      await terminal.shows(/❯ prod/)
      await terminal.press('Enter')
      await terminal.shows(/This shell uses profile prod 生产\.\n<0>\$ ?$/)
      expect((await line(showKey)).match(keyId)?.[1]).toBe(prod)
      expect(home.config().currentProfile).toBe('default')
    }),
  )

  seen(
    'the status of the last command stays, whatever is said in between',
    atWork(shell, { sessionSeconds: 4, accessTokenSeconds: 1 }, async ({ line }) => {
      expect(await line(`sh -c 'exit 3' | sh -c 'exit 7'`)).toMatch(/<7>\$ ?$/)
      expect(await line(shell.pipeStatus)).toMatch(/^kept 7 3 7$/m)
    }),
  )
})

describe('sesame hook', () => {
  test('without a word it is for the shell one is in; another word is wrong usage', async () => {
    const home = makeTestHome({ signInUrl: 'https://portal.example/acme/login' })
    try {
      const named = await home.run(['hook', 'zsh'])
      expect(named).toMatchObject({ code: 0, stderr: '' })
      expect(named.stdout).toContain('precmd_functions')
      expect(await home.run(['hook'], { env: { SHELL: '/usr/bin/zsh' } })).toEqual(named)
      const wrong = await home.run(['hook', 'tcsh'])
      expect(wrong).toMatchObject({ code: 2, stdout: '' })
      expect(wrong.stderr).toContain('bash, zsh, fish, powershell')
    } finally {
      home.remove()
    }
  })
})
