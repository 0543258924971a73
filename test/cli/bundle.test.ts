import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Fault, startReplay } from '../../mocks/index.ts'
import type { Bundle } from '../../src/doctor/index.ts'
import { configureCorp, inOidcWorld, must } from '../support/oidc-world.ts'
import { inQuirkyWorld, profileAt, writeProfiles } from '../support/quirky-world.ts'
import { recordOutput } from '../support/record.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { checkSchema } from '../support/schema.ts'
import { makeTestHome, type TestHome } from '../support/test-home.ts'
import { inWorld } from '../support/world.ts'

runCommandsHere()

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'bundle.schema.json'), 'utf8'),
)
const always = { times: Number.POSITIVE_INFINITY }
const login = ['login', '--profile', 'corp', '--no-browser', '--flow', 'device']

/** What `doctor --bundle` writes after a failure. */
async function bundleOf(home: TestHome): Promise<{ text: string; bundle: Bundle }> {
  const file = join(home.home, 'work', `bundle-${Math.random()}.json`)
  const { code, stdout, stderr } = await home.run(['doctor', '--bundle', file, '--offline'])
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const text = readFileSync(file, 'utf8')
  // As a line on stderr, on which no secret of any kind may be.
  recordOutput({ words: ['doctor', '--bundle'], stdout: '', stderr: text, code: 0 })
  const bundle = JSON.parse(text)
  expect(checkSchema(schema, bundle)).toEqual([])
  return { text, bundle }
}

const stepsOf = ({ failure }: Bundle) =>
  failure.steps.map(({ method, path, status, code }) => ({ method, path, status, code }))

/** Plays a bundle, and compares what a new user at the replay gets: the same code, the same steps. */
async function replay(
  { text, bundle }: Awaited<ReturnType<typeof bundleOf>>,
  exitCode: number | null,
  words: readonly string[],
  profileOf: (at: Awaited<ReturnType<typeof startReplay>>) => Record<string, unknown>,
): Promise<void> {
  const played = await startReplay(text)
  onTestFinished(() => played.close())
  const home = makeTestHome({})
  onTestFinished(() => home.remove())
  writeProfiles(home, { corp: profileOf(played) })
  const { code, stderr } = await home.run(words)
  expect(code, stderr).toBe(exitCode)
  const { bundle: again } = await bundleOf(home)
  expect(again.failure.error.code).toBe(bundle.failure.error.code)
  expect(stepsOf(again)).toEqual(stepsOf(bundle))
}

const denied = (ErrorCode: string, status: number): Fault => ({
  kind: 'json',
  status,
  body: {
    ErrorCode,
    ErrorMessage: 'User alice@example.com of account development may not.',
    RequestId: '5B3FD1E5-0D0C-5E0C-8B0C-0A8C5E1D2F3A',
    Alice: 'alice@example.com',
  },
})

describe('a failed sign-in at CloudSSO', () => {
  test.each<
    [
      string,
      Parameters<typeof inWorld>[0],
      (
        | 'POST /device-authorization'
        | 'POST /token'
        | 'POST /cloud-credentials'
        | 'GET /access-assignments/accounts'
      ),
      Fault,
    ]
  >([
    ['the user denies', {}, 'POST /token', denied('AccessDenied', 403)],
    ['no device code', {}, 'POST /device-authorization', denied('Forbidden.Client', 403)],
    ['no credentials', {}, 'POST /cloud-credentials', denied('NoPermission', 403)],
    [
      'a page instead of a list',
      {},
      'GET /access-assignments/accounts',
      {
        kind: 'status',
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: '<p>alice@example.com</p>',
      },
    ],
  ])('%s: the bundle holds no secret and no name, and replays', async (_, options, route, fault) => {
    await inWorld(options, async ({ portal, home }) => {
      writeProfiles(home, { corp: { kind: 'cloudsso', signInUrl: portal.signInUrl } })
      portal.fault(route, fault, always)
      const failed = await home.run(login)
      expect(failed.code).not.toBe(0)
      const made = await bundleOf(home)
      for (const { value } of portal.issued) expect(made.text).not.toContain(value)
      for (const name of ['alice', 'development', '1432949406168187', 'ac-01jp', 'admin', 'corp', home.home])
        expect(made.text, name).not.toContain(name)
      expect(made.bundle.failure).toMatchObject({
        command: 'login',
        versions: { node: process.versions.node },
      })
      const last = made.bundle.failure.steps.at(-1)
      expect(`${last?.method} ${last?.path}`).toBe(route)
      if (fault.kind === 'json') expect(last?.requestId).toBe('5B3FD1E5-0D0C-5E0C-8B0C-0A8C5E1D2F3A')
      await replay(made, failed.code, login, ({ signInUrl }) => ({ kind: 'cloudsso', signInUrl }))
    })()
  })

  test(
    'a server that cuts the connection',
    inWorld({}, async ({ portal, home }) => {
      writeProfiles(home, { corp: { kind: 'cloudsso', signInUrl: portal.signInUrl } })
      portal.fault('GET /access-assignments/accounts', { kind: 'reset' }, always)
      const failed = await home.run(login)
      expect(failed.code).toBe(6)
      const made = await bundleOf(home)
      expect(made.bundle.failure.steps.at(-1)?.failure).toBe('ERR_NETWORK')
      await replay(made, failed.code, login, ({ signInUrl }) => ({ kind: 'cloudsso', signInUrl }))
    }),
  )

  test(
    'polls that are answered alike are one step, with their number',
    inWorld({ approve: 'manual' }, async ({ portal, home }) => {
      writeProfiles(home, { corp: { kind: 'cloudsso', signInUrl: portal.signInUrl } })
      portal.fault('POST /token', denied('AuthorizationPending', 400), { times: 4 })
      portal.fault('POST /token', denied('InvalidDeviceCodeError', 400), always)
      const failed = await home.run(login)
      expect(failed.code).toBe(4)
      const { bundle } = await bundleOf(home)
      expect(bundle.failure.steps.map(({ code, times }) => ({ code, times }))).toEqual([
        { code: undefined, times: undefined },
        { code: 'AuthorizationPending', times: 4 },
        { code: 'InvalidDeviceCodeError', times: undefined },
      ])
    }),
  )
})

describe('a failed sign-in at an OIDC provider', () => {
  test.each([
    ['keycloak', 'invalid_client'],
    ['okta', 'access_denied'],
    ['identityserver', 'unauthorized_client'],
  ] as const)('%s: %s', async (preset, error) => {
    await inQuirkyWorld({ preset }, async ({ op, home }) => {
      const path = new URL(op.issuer).pathname
      const body = {
        error,
        error_description: `alice@example.com: ${error}`,
        trace_id: 'f2d1c7d2-1f3a-4f58-9c9e-5b2f33f90c00',
      }
      op.fault('token', { kind: 'json', status: 400, body }, always)
      const failed = await home.run(login)
      expect(failed.code).not.toBe(0)
      const made = await bundleOf(home)
      expect(made.text).not.toContain('alice')
      expect(made.text).not.toContain(op.clientId)
      for (const { value } of op.issued) if (value.length > 8) expect(made.text).not.toContain(value)
      expect(path.length).toBeGreaterThan(0)
      await replay(made, failed.code, login, ({ issuer }) => ({
        ...profileAt(op),
        issuer,
      }))
    })()
  })

  test(
    'a role that STS refuses, after a sign-in with an ID token that the replay signs',
    inOidcWorld({}, async (world) => {
      await configureCorp(world)
      world.sts.fault(
        'POST /',
        {
          kind: 'json',
          status: 403,
          body: {
            Code: 'AuthenticationFail.NoPermission',
            Message: 'alice',
            RequestId: '5B3FD1E5-0D0C-5E0C-8B0C-0A8C5E1D2F3A',
          },
        },
        always,
      )
      const failed = await world.home.run(login)
      expect(failed.code).toBe(1)
      const made = await bundleOf(world.home)
      const { profiles } = JSON.parse(readFileSync(join(world.home.directory, 'config.json'), 'utf8'))
      await replay(made, failed.code, login, ({ issuer, url }) => ({
        ...profiles.corp,
        issuer,
        stsEndpoint: url,
      }))
    }),
  )
})

describe('the record and the file', () => {
  test(
    'a command without any request leaves the record of one that shows something; a later failure replaces it',
    inWorld({}, async ({ portal, home }) => {
      writeProfiles(home, { corp: { kind: 'cloudsso', signInUrl: portal.signInUrl } })
      portal.fault('POST /device-authorization', denied('First', 403), always)
      await home.run(login)
      expect((await home.run(['credentials', '--profile', 'corp'])).code).toBe(3)
      expect((await home.run(['login', '--profle'])).code).toBe(2)
      expect((await bundleOf(home)).bundle.failure.error.serverCode).toBe('First')
      portal.clearFaults()
      portal.fault('POST /device-authorization', denied('Second', 403), always)
      await home.run(login)
      expect((await bundleOf(home)).bundle.failure.error.serverCode).toBe('Second')
      expect(statSync(join(home.state, 'last-failure.json')).mode & 0o777).toBe(0o600)
      await must(home.run(['logout', '--all']))
      expect(existsSync(join(home.state, 'last-failure.json'))).toBe(false)
    }),
  )

  test(
    'nothing is written over, and nothing is written without a failure',
    inWorld({}, async ({ portal, home }) => {
      const file = join(home.home, 'work', 'report.json')
      const none = await home.run(['doctor', '--bundle', file])
      expect(none).toMatchObject({
        code: 2,
        stderr:
          'sesame: There is no failed flow to write.\nRun the command that fails once more, then this one.\n',
      })
      expect(existsSync(file)).toBe(false)
      writeProfiles(home, { corp: { kind: 'cloudsso', signInUrl: portal.signInUrl } })
      portal.fault('POST /device-authorization', denied('First', 403), always)
      await home.run(login)
      writeFileSync(file, 'mine')
      expect(await home.run(['doctor', '--bundle', file, '--offline'])).toMatchObject({ code: 2, stdout: '' })
      expect(readFileSync(file, 'utf8')).toBe('mine')
      expect((await home.run(['doctor', '--bundle', `${file}.2`, '--fix'])).code).toBe(2)
      expect(existsSync(`${file}.2`)).toBe(false)
    }),
  )
})
