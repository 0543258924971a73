import { describe, expect, test } from 'vitest'
import { firstLine } from '../support/first-line.ts'
import { must } from '../support/oidc-world.ts'
import { identity, inRoleWorld, type RoleWorld } from '../support/role-world.ts'
import { runCommandsHere } from '../support/run-here.ts'
import { age } from '../support/sdk.ts'
import { several } from '../support/several-accounts.ts'
import { startTmux } from '../support/tmux.ts'
import { countCalls } from '../support/world.ts'

runCommandsHere()

const patience = 120_000
const chain = ['AssumeRole', 'AssumeRole']
const session = (role: string) => new RegExp(`:assumed-role/${role}/`)

/** Counts of what a person and the servers were asked so far. */
function asked(world: RoleWorld) {
  return {
    signIns: countCalls(world, 'POST /device-authorization'),
    exchanges: countCalls(world, 'POST /cloud-credentials'),
    roles: world.sts.calls.length,
  }
}

describe.concurrent('a chain of roles on CloudSSO', () => {
  test(
    'login on its end signs in at the portal once; every link is then in the store, and nothing is asked again',
    { timeout: patience },
    inRoleWorld({}, async (world) => {
      const { home, sts, portal } = world
      const printed = await must(home.run(['login', '--profile', 'auditor']))
      expect(identity(world, printed)).toMatch(session('auditor'))
      expect(asked(world)).toEqual({ signIns: 1, exchanges: 1, roles: 2 })
      const before = portal.requests.length
      expect(await must(home.run(['login', '--profile', 'auditor']))).toBe(printed)
      expect(await must(home.run(['credentials', '--profile', 'auditor']))).toBe(printed)
      expect(identity(world, await must(home.run(['credentials', '--profile', 'deployer'])))).toMatch(
        session('deployer'),
      )
      await must(home.run(['credentials', '--profile', 'dev']))
      expect(portal.requests).toHaveLength(before)
      expect(sts.answered()).toEqual(chain)
      expect([...portal.violations, ...sts.violations]).toEqual([])
      const { currentProfile, profiles } = home.config()
      expect(currentProfile).toBe('auditor')
      // What was chosen on the way is the base's, and only there.
      expect(profiles.dev).toMatchObject({ accountId: portal.directory.accounts[0]?.AccountId })
      expect(profiles.auditor).not.toHaveProperty('accountId')
    }),
  )

  test(
    'the account is chosen at the base at the first login of the chain; a second login asks neither person nor server',
    { timeout: patience },
    inRoleWorld({ portal: { directory: several } }, async (world) => {
      const { home, portal } = world
      const terminal = await startTmux({ home: home.home, env: { SESAME_STORE: 'plaintext' } })
      try {
        await terminal.enter('sesame login --profile auditor --no-browser >first.json')
        await terminal.shows(/Account:/)
        await terminal.enter('production')
        await terminal.shows(/\n\[0\]\$ ?$/)
        await terminal.clear()
        const before = asked(world)
        await terminal.enter('sesame login --profile auditor --no-browser | diff - first.json')
        await terminal.shows(/\n\[0\]\$ ?$/)
        expect(asked(world)).toEqual(before)
        expect(before).toEqual({ signIns: 1, exchanges: 1, roles: 2 })
      } finally {
        await terminal.stop()
      }
      expect(home.config().profiles.dev).toMatchObject({
        accountId: '9223372036854775807',
        accountName: 'production',
      })
      expect(portal.violations).toEqual([])
    }),
  )

  test(
    'without a terminal an open choice at the base is wrong usage that names the base; nothing is half done',
    { timeout: patience },
    inRoleWorld({ portal: { directory: several } }, async (world) => {
      const { home } = world
      const open = await home.run(['login', '--profile', 'auditor'])
      expect(open).toMatchObject({ code: 2, stdout: '' })
      expect(open.stderr).toContain('sesame login --profile dev')
      const words = ['--account-id', 'production', '--access-config', 'admin']
      const foreign = await home.run(['login', '--profile', 'auditor', ...words])
      expect(foreign).toMatchObject({ code: 2, stdout: '' })
      expect(foreign.stderr).toContain('sesame login --profile dev')
      await must(home.run(['login', '--profile', 'dev', ...words]))
      expect(identity(world, await must(home.run(['login', '--profile', 'auditor'])))).toMatch(
        session('auditor'),
      )
      expect(asked(world)).toEqual({ signIns: 1, exchanges: 1, roles: 2 })
    }),
  )

  test(
    'another account at the base gives other credentials; those of the former one are gone from the store',
    { timeout: patience },
    inRoleWorld({ portal: { directory: several } }, async (world) => {
      const { home } = world
      const choose = (name: string) =>
        must(home.run(['login', '--profile', 'dev', '--account-id', name, '--access-config', 'admin']))
      await choose('production')
      const first = await must(home.run(['login', '--profile', 'deployer']))
      await choose('staging')
      const second = await must(home.run(['credentials', '--profile', 'deployer']))
      expect(second).not.toBe(first)
      expect(
        home
          .items()
          .map(({ key }) => key)
          .join('\n'),
      ).not.toContain('9223372036854775807')
    }),
  )

  test(
    'credentials, exec, exec --server, serve: each hands out the end of the chain, and renews all of it',
    { timeout: patience },
    inRoleWorld({}, async (world) => {
      const { home, sts } = world
      await must(home.run(['login', '--profile', 'auditor']))
      age(world, -1000)
      const renewed = JSON.parse(await must(home.run(['credentials'])))
      expect(asked(world)).toEqual({ signIns: 1, exchanges: 2, roles: 4 })
      expect(sts.identityOf(renewed.access_key_id)?.arn).toMatch(session('auditor'))
      const print = 'echo $ALIBABA_CLOUD_ACCESS_KEY_ID $SESAME_PROFILE'
      expect(await must(home.run(['exec', '--', 'sh', '-c', print]))).toBe(
        `${renewed.access_key_id} auditor\n`,
      )
      age(world, -1000)
      const get = 'fetch(process.env.ALIBABA_CLOUD_CREDENTIALS_URI).then((a) => a.text()).then(console.log)'
      const words = ['exec', '--server', '--', process.execPath, '-e', get]
      const served = JSON.parse(await must(home.run(words)))
      expect(sts.identityOf(served.AccessKeyId)?.arn).toMatch(session('auditor'))
      expect(served.AccessKeyId).not.toBe(renewed.access_key_id)
      expect(asked(world)).toEqual({ signIns: 1, exchanges: 3, roles: 6 })

      // Fifteen minutes would do for a start, but clients of a server ask on every call from there on.
      age(world, 15 * 60_000)
      const server = home.start(['serve'])
      const url = await firstLine(server)
      const answers = await Promise.all(Array.from({ length: 10 }, async () => (await fetch(url)).text()))
      const [answer = ''] = new Set(answers)
      expect(answers.every((each) => each === answer)).toBe(true)
      const { AccessKeyId: last } = JSON.parse(answer)
      expect(sts.identityOf(last)?.arn).toMatch(session('auditor'))
      expect(last).not.toBe(served.AccessKeyId)
      expect(asked(world)).toEqual({ signIns: 1, exchanges: 4, roles: 8 })
      server.child.kill('SIGTERM')
      expect((await server.finished).code).toBe(143)
    }),
  )

  test(
    'the sign-in over: credentials, exec and serve are exit 3 and name the profile that was asked for',
    { timeout: patience },
    inRoleWorld({}, async (world) => {
      const { home, portal } = world
      await must(home.run(['login', '--profile', 'auditor']))
      age(world, -1000)
      portal.revokeTokens()
      for (const words of [['credentials'], ['exec', '--', 'true'], ['serve'], ['whoami']]) {
        const { code, stdout, stderr } = await home.run(words)
        expect({ code, stdout }, words[0]).toEqual({ code: 3, stdout: '' })
        expect(stderr).toContain('sesame login --profile auditor')
      }
      const again = await must(home.run(['login', '--profile', 'auditor']))
      expect(identity(world, again)).toMatch(session('auditor'))
      expect(asked(world).signIns).toBe(2)
    }),
  )

  test(
    'a role that does not trust its source: exit 1 with code, RequestId and what to do; the base stays signed in',
    { timeout: patience },
    inRoleWorld({}, async (world) => {
      const { home, sts } = world
      await must(home.run(['configure', '--profile', 'auditor', '--source-profile', 'dev']))
      const { code, stdout, stderr } = await home.run(['login', '--profile', 'auditor'])
      expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/NoPermission.*RequestId [0-9A-F-]{36}/)
      expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/trust/)
      expect(sts.answered()).toEqual([])
      await must(home.run(['credentials', '--profile', 'dev']))
      expect(asked(world).signIns).toBe(1)
    }),
  )

  test(
    '--min-ttl: the source is renewed for it; more than any link can give is exit 2 and names the longest',
    { timeout: patience },
    inRoleWorld({ portal: { sessionSeconds: 7200 } }, async (world) => {
      const { home } = world
      await must(home.run(['configure', '--profile', 'deployer', '--duration-seconds', '2h']))
      await must(home.run(['login', '--profile', 'deployer']))
      // Good for a while, but too short for what is asked.
      age(world, 40 * 60_000)
      const left = (json: string) => Date.parse(JSON.parse(json).expiration) - Date.now()
      const longer = await must(home.run(['credentials', '--profile', 'deployer', '--min-ttl', '1h30m']))
      expect(left(longer)).toBeGreaterThan(5_400_000)
      expect(asked(world)).toEqual({ signIns: 1, exchanges: 2, roles: 2 })
      const tooLong = await home.run(['credentials', '--profile', 'deployer', '--min-ttl', '3h'])
      expect(tooLong).toMatchObject({ code: 2, stdout: '' })
      expect(tooLong.stderr).toMatch(/7200 s at the most/)
      const ofEnd = await home.run(['credentials', '--profile', 'auditor', '--min-ttl', '1h30m'])
      expect(ofEnd).toMatchObject({ code: 2, stdout: '' })
      expect(ofEnd.stderr).toMatch(/3600 s at the most/)
    }),
  )

  test(
    'a source that expires before the role: --min-ttl names what the chain can give',
    { timeout: patience },
    inRoleWorld({ portal: { sessionSeconds: 1800 } }, async (world) => {
      const { home } = world
      await must(home.run(['login', '--profile', 'auditor']))
      const { code, stdout, stderr } = await home.run(['credentials', '--min-ttl', '45m'])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/1800 s at the most/)
      expect(stderr.trimEnd().split('\n')).toHaveLength(2)
    }),
  )

  test(
    'logout of a link, of the base, and of all: what stays is said, and what goes is gone',
    { timeout: patience },
    inRoleWorld({}, async (world) => {
      const { home } = world
      await must(home.run(['login', '--profile', 'auditor']))
      const keys = () => home.items().map(({ key }) => key.split(':').slice(0, 2).join(':'))
      expect(keys().sort()).toEqual([
        'credentials:cloudsso',
        'credentials:role',
        'credentials:role',
        'token:cloudsso',
      ])
      const link = await home.run(['logout', '--profile', 'auditor'])
      expect(link).toMatchObject({ code: 0, stdout: '' })
      expect(link.stderr).toContain('The sign-in is that of profile dev, and stays.')
      expect(keys().filter((key) => key === 'credentials:role')).toHaveLength(1)
      await must(home.run(['credentials', '--profile', 'auditor']))
      expect((await home.run(['logout', '--all'])).code).toBe(0)
      expect(keys()).toEqual([])
      expect((await home.run(['credentials', '--profile', 'auditor'])).code).toBe(3)
    }),
  )

  test(
    'delete of the base leaves roles that say what they lack; they can still be shown and deleted',
    { timeout: patience },
    inRoleWorld({}, async (world) => {
      const { home } = world
      await must(home.run(['login', '--profile', 'auditor']))
      await must(home.run(['profile', 'delete', 'dev']))
      const used = await home.run(['credentials', '--profile', 'auditor'])
      expect(used).toMatchObject({ code: 2, stdout: '' })
      expect(used.stderr).toContain('dev')
      const shown = await home.run(['profile', 'show', 'auditor'])
      expect(shown.code, shown.stderr).toBe(0)
      expect((await home.run(['profile', 'list'])).code).toBe(0)
      await must(home.run(['logout', '--all']))
      await must(home.run(['profile', 'delete', 'auditor']))
      await must(home.run(['profile', 'delete', 'deployer']))
      expect(home.config().profiles).toEqual({})
      expect(home.items()).toEqual([])
    }),
  )
})

describe.concurrent('whoami', () => {
  test(
    'of a CloudSSO profile asks at its own --sts-endpoint; of a role at that of the role',
    { timeout: patience },
    inRoleWorld({}, async (world) => {
      const { home, sts } = world
      await must(home.run(['configure', '--profile', 'dev', '--sts-endpoint', sts.url]))
      await must(home.run(['login', '--profile', 'auditor']))
      const base = JSON.parse(await must(home.run(['whoami', '--profile', 'dev'])))
      expect(base).toMatchObject({
        IdentityType: 'AssumedRoleUser',
        Arn: expect.stringMatching(session('sso')),
      })
      const end = JSON.parse(await must(home.run(['whoami'])))
      expect(end.Arn).toMatch(session('auditor'))
      expect(sts.answered()).toEqual([...chain, 'GetCallerIdentity', 'GetCallerIdentity'])
      sts.refuse('GetCallerIdentity', 'InvalidSecurityToken.Expired')
      const refused = await home.run(['whoami'])
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toContain('InvalidSecurityToken.Expired')
    }),
  )

  test(
    '--region of a CloudSSO profile names the endpoint; a bad one is refused when configuring',
    inRoleWorld({}, async ({ home }) => {
      await must(home.run(['configure', '--profile', 'dev', '--region', 'cn-beijing']))
      expect(home.config().profiles.dev).toMatchObject({ region: 'cn-beijing' })
      await must(home.run(['login', '--profile', 'dev']))
      const { code, stdout, stderr } = await home.run(['whoami', '--profile', 'dev'], {
        // No proxy listens there: the request goes nowhere, but its route is logged.
        env: { HTTPS_PROXY: 'http://127.0.0.1:9', DEBUG: 'sesame:http' },
      })
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
      expect(stderr).toContain('sts.cn-beijing.aliyuncs.com')
      const bad = await home.run(['configure', '--profile', 'dev', '--region', 'cn beijing'])
      expect(bad).toMatchObject({ code: 2, stdout: '' })
    }),
  )
})
