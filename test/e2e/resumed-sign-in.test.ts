import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configureCorp, inOidcWorld } from '../support/oidc-world.ts'
import type { TestHome } from '../support/test-home.ts'
import { countCalls, inWorld } from '../support/world.ts'

const pending = ({ items }: TestHome) => items().filter(({ value }) => value.pending !== undefined)

test.each([
  ['SIGINT', 130],
  ['SIGHUP', 129],
  ['SIGTERM', 143],
  ['SIGKILL', null],
] as const)('%s while the user approves: the next login gets the tokens', (signal, code) =>
  inWorld({ approve: 'manual' }, async (world) => {
    const { home, portal } = world
    const running = home.start(['login'])
    const [, userCode = ''] = await running.stderrMatches(/user_code=(\w{4}-\w{4})/)
    await running.stderrMatches(/Waiting for your approval/)
    running.child.kill(signal)
    expect(await running.finished).toMatchObject({ code, stdout: '' })
    expect(pending(home)).toHaveLength(1)
    portal.approve(userCode)

    const next = await home.run(['login'])
    expect(next).toMatchObject({ code: 0 })
    expect(JSON.parse(next.stdout)).toMatchObject({ mode: 'StsToken' })
    expect(next.stderr).toContain(`Still waiting for your approval of ${userCode}.`)
    expect(countCalls(world, 'POST /device-authorization')).toBe(1)
    expect(new Set(portal.receivedVerifiers).size).toBe(1)
    expect(portal.violations).toEqual([])
    expect(pending(home)).toEqual([])
    expect(readFileSync(join(home.state, 'state.json'), 'utf8')).not.toContain(userCode)
  })(),
)

test(
  'a process that waits for one that is killed goes on with its sign-in',
  inWorld({ approve: 'manual' }, async (world) => {
    const { home, portal } = world
    const first = home.start(['login'])
    const [, userCode = ''] = await first.stderrMatches(/user_code=(\w{4}-\w{4})/)
    const second = home.start(['login'])
    await second.stderrMatches(/Waiting for another sesame/)
    first.child.kill('SIGKILL')
    await second.stderrMatches(new RegExp(`Still waiting for your approval of ${userCode}`))
    portal.approve(userCode)
    expect(await second.finished).toMatchObject({ code: 0 })
    expect(countCalls(world, 'POST /device-authorization')).toBe(1)
  }),
)

test(
  '--force begins anew; at an OIDC provider too',
  inOidcWorld({ oidc: { approve: 'manual' } }, async (world) => {
    const { home, oidc } = world
    await configureCorp(world, { role: false })
    const words = ['login', '--profile', 'corp', '--flow', 'device']
    const interrupt = async (...more: string[]) => {
      const running = home.start([...words, ...more])
      await running.stderrMatches(/Waiting for your approval/)
      running.child.kill('SIGINT')
      return (await running.finished).stderr
    }
    await interrupt()
    const [code = ''] = oidc.pendingUserCodes()
    expect(await interrupt()).toContain(`Still waiting for your approval of ${code}.`)
    expect(oidc.pendingUserCodes()).toEqual([code])
    expect(await interrupt('--force')).not.toContain('Still waiting')
    const second = oidc.pendingUserCodes().find((each) => each !== code) ?? ''
    await oidc.approve(second)
    expect(await home.run(words)).toMatchObject({ code: 0 })
    expect(pending(home)).toEqual([])
    expect(oidc.violations).toEqual([])
  }),
)
