import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { answerFromStore } from '../../../src/cli/fast-path.ts'
import { main } from '../../../src/cli/main.ts'
import { type FourKinds, inFourKinds } from '../../support/four-kinds.ts'
import { edgesHere, partHere, runCommandsHere } from '../../support/run-here.ts'
import { inWorld, type World } from '../../support/world.ts'

runCommandsHere()

type Home = Pick<World, 'home'>

/** A run whose standard output is a terminal, through the cached path or past it. */
async function onTerminal(
  { home }: Home,
  words: readonly string[],
  {
    env = {},
    terminals = [1],
    past = false,
  }: { env?: Record<string, string>; terminals?: number[]; past?: boolean } = {},
) {
  const { edges, texts } = edgesHere(words, { HOME: home.home, SESAME_STORE: 'plaintext', ...env })
  const seen = { ...edges, isTerminal: (stream: number) => terminals.includes(stream) }
  const code = await partHere(async () => {
    const answer = past ? {} : await answerFromStore(seen)
    return typeof answer === 'number' ? answer : main(seen, answer)
  })
  return { code, ...texts }
}

/** The rows of a card, label and text. */
function rowsOf(card: string): Record<string, string> {
  return Object.fromEntries(
    [...card.matchAll(/^ {2}(\S.*?) {2,}(\S.*)$/gm)].map(([, label = '', text = '']) => [label, text.trim()]),
  )
}

const secret = /STS\.|"access_key|ACCESS_KEY|[A-Za-z0-9+/]{40}/

describe('a login on a terminal', () => {
  test(
    'CloudSSO: account and access configuration by name, when it ends, where it is, what to type; nothing on stdout',
    inWorld({}, async (world) => {
      const { code, out, err } = await onTerminal(world, ['login', '--profile', 'dev'])
      expect({ code, out }).toEqual({ code: 0, out: '' })
      const card = err.slice(err.lastIndexOf('\n  Profile'))
      expect(rowsOf(card)).toEqual({
        Profile: 'dev',
        Account: 'development (1432949406168187)',
        Access: 'admin',
        Expires: expect.stringMatching(/^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d \(UTC\), in (?:59 min|1 h 00 min)$/),
        'Stored in': 'plain files in ~/.local/state/sesame, not encrypted',
        Next: 'eval "$(sesame login --env)"  for this shell',
      })
      expect(card).toMatch(/^ {12,}sesame exec -- COMMAND {2,}for one command$/m)
      expect(card).not.toMatch(secret)
    }),
  )

  test(
    'from the store: the same card from the cached path and from the whole program, and no request',
    inWorld({}, async (world) => {
      await world.home.run(['login', '--profile', 'dev'])
      await world.home.run(['login', '--profile', 'other'])
      const before = world.portal.requests.length
      const words = ['login', '--profile', 'dev']
      const fast = await onTerminal(world, words)
      expect(fast).toEqual(await onTerminal(world, words, { past: true }))
      expect(fast).toMatchObject({ code: 0, out: '' })
      // It is not the current one, so that what to type next names it.
      expect(rowsOf(fast.err).Next).toBe('eval "$(sesame login --profile dev --env)"  for this shell')
      expect(fast.err).toContain('sesame exec --profile dev -- COMMAND')
      const chosen = await onTerminal(world, ['login'], { env: { SESAME_PROFILE: 'dev' } })
      expect(rowsOf(chosen.err).Next).toBe('eval "$(sesame login --env)"  for this shell')
      expect(world.portal.requests.length).toBe(before)
    }),
  )

  test(
    'every kind of profile has a card, and none a secret',
    inFourKinds(async (world) => {
      const cards = new Map<string, Record<string, string>>()
      for (const profile of ['sso', 'corp', 'tokens', 'api', 'deployer', 'auditor']) {
        for (const _ of ['signs in', 'from the store']) {
          const { code, out, err } = await onTerminal(world, ['login', '--profile', profile])
          expect({ profile, code, out }).toEqual({ profile, code: 0, out: '' })
          expect(err).not.toMatch(secret)
          cards.set(profile, rowsOf(err.slice(err.lastIndexOf('\n  Profile'))))
        }
      }
      const account = expect.stringMatching(/^\d{16}$|^\d{12}$/)
      expect(cards.get('corp')).toMatchObject({
        Account: account,
        Role: 'developer',
        Issuer: world.oidc.issuer,
      })
      expect(cards.get('corp')).toHaveProperty('User')
      expect(cards.get('deployer')).toMatchObject({ Account: account, Role: 'deployer', Source: 'corp' })
      expect(cards.get('auditor')).toMatchObject({ Role: 'auditor', Source: 'deployer' })
      expect(cards.get('auditor')?.User).toBe(cards.get('corp')?.User)
      expect(cards.get('tokens')).toMatchObject({
        Role: 'none: this profile gives tokens',
        Issuer: world.oidc.issuer,
        User: cards.get('corp')?.User,
        Expires: expect.stringMatching(/renewed by themselves$/),
        Next: expect.stringMatching(/^sesame token get {2}/),
      })
      expect(cards.get('api')).toHaveProperty('Issuer')
      for (const card of cards.values()) expect(card['Stored in']).toMatch(/^plain files/)
    }),
  )

  test(
    'asked for by --format or --env the credentials are printed, with the warning; a pipe gets them without',
    inWorld({}, async (world) => {
      await world.home.run(['login', '--profile', 'dev'])
      for (const words of [['--format', 'json'], ['--env'], ['--format', 'fish']]) {
        const { out, err } = await onTerminal(world, ['login', ...words])
        expect(out).toMatch(secret)
        expect(err).toMatch(/^Warning: credentials were printed to the terminal\. /)
        expect(err).not.toContain('Profile')
      }
      const piped = await world.home.run(['login'])
      expect(piped.stdout).toMatch(/^\{"mode":"StsToken",[^\n]*\}\n$/)
      expect(piped.stderr).toBe('')
      const stderrOnly = await onTerminal(world, ['login'], { terminals: [2] })
      expect(stderrOnly.out).toBe(piped.stdout)
      expect((await onTerminal(world, ['credentials'])).out).toBe(piped.stdout)
    }),
  )

  test(
    'where nothing is kept, the card says so, and that the next command signs in again',
    inWorld({}, async (world) => {
      const { err, out } = await onTerminal(world, ['login'], { env: { SESAME_STORE: 'memory' } })
      expect(out).toBe('')
      expect(rowsOf(err)['Stored in']).toBe('nowhere; it ends with this command')
      expect(rowsOf(err).Next).toBe('eval "$(sesame login --env)"  signs in again, for this shell')
    }),
  )

  test(
    'names of a server cannot draw on the terminal',
    inWorld(
      {
        directory: {
          accounts: [
            {
              AccountId: '1432949406168187',
              DisplayName: 'a\u001b[2Jb\nc',
              configurations: [
                {
                  AccessConfigurationId: 'ac-1',
                  AccessConfigurationName: 'x\u202ey',
                  AccessConfigurationDescription: '',
                },
              ],
            },
          ],
        },
      },
      async (world) => {
        const { err } = await onTerminal(world, ['login'])
        expect(rowsOf(err).Account).toContain('a\\u001b[2Jb\\u000ac')
        expect(err).not.toMatch(/\u001b|\u202e/)
      },
    ),
  )

  test(
    'what is read from the store for the card, and cannot be, is left out; the sign-in is not lost',
    inWorld({}, async (world) => {
      const path = join(world.home.directory, 'config.json')
      const { signInUrl } = JSON.parse(readFileSync(path, 'utf8'))
      writeFileSync(path, JSON.stringify({ version: 1, signInUrl, store: 'keychain', profiles: {} }), {
        mode: 0o600,
      })
      const { code, err } = await onTerminal(world, ['login'], { env: { SESAME_STORE: 'plaintext' } })
      expect(code).toBe(0)
      expect(rowsOf(err).Profile).toBe('default')
    }),
  )
})

describe('--this-shell', () => {
  test(
    'prints for the shell and shows the card; the current profile stays',
    inWorld({}, async (world) => {
      await world.home.run(['login', '--profile', 'dev'])
      for (const _ of ['signs in', 'from the store']) {
        const words = ['login', '--profile', 'prod', '--env', '--this-shell']
        const { stdout, stderr, code } = await world.home.run(words)
        expect(code).toBe(0)
        expect(stdout).toMatch(/^export SESAME_PROFILE=prod$/m)
        expect(rowsOf(stderr)).toMatchObject({ Profile: 'prod', Next: 'This shell has the credentials now.' })
        expect(stderr).not.toMatch(secret)
        expect(world.home.config().currentProfile).toBe('dev')
      }
      const alone = await world.home.run(['login', '--this-shell'])
      expect(alone).toMatchObject({ code: 2, stdout: '' })
      expect(alone.stderr).toContain('--this-shell goes with a format that a shell evaluates')
    }),
  )

  test(
    'a profile without a role: no keys of another one stay, and the shell goes on with its name',
    inFourKinds(async ({ home }: FourKinds) => {
      const words = ['login', '--profile', 'tokens', '--env', '--this-shell']
      const { code, stdout, stderr } = await home.run(words)
      expect(code).toBe(0)
      expect(stdout).toMatch(/^unset -v [A-Z_ ]+\nexport SESAME_PROFILE=tokens\n$/)
      expect(rowsOf(stderr).Next).toMatch(/^sesame token get --profile tokens/)
    }),
  )
})
