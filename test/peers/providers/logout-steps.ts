import { strict as assert } from 'node:assert'
import { writeFileSync } from 'node:fs'
import type { TestHome } from '../../support/test-home.ts'
import { expire } from './refresh-steps.ts'
import { discover, type ProviderWorld } from './world.ts'

/** An administrator has ended the sessions: that is said, with what to do, and a sign-in helps. */
export async function deadRefreshToken(world: ProviderWorld): Promise<void> {
  const { home, provider, signInByDevice } = world
  if (provider.endSessions === undefined) throw new Error('this provider cannot end sessions')
  await provider.endSessions()
  expire(world)
  const { code, stdout, stderr } = await home.run(['token', 'get', '--profile', 'main'])
  assert.deepEqual({ code, stdout }, { code: 3, stdout: '' }, stderr)
  assert.match(stderr, /sesame login --profile main/)
  const again = await signInByDevice('main')
  assert.equal(again.code, 0, again.stderr)
}

/** The provider is asked to revoke where it can. Tokens that it has made worthless before are no failure, however it says so. */
export async function logout(world: ProviderWorld): Promise<void> {
  await leave(world)
  const { provider, signInByDevice } = world
  if (provider.endSessions === undefined) return
  const { code, stderr } = await signInByDevice('main')
  assert.equal(code, 0, stderr)
  await provider.endSessions()
  await leave(world)
}

async function leave({ home, provider }: ProviderWorld): Promise<void> {
  const { revocation_endpoint: address } = await discover(provider)
  const { length: before } = provider.front.requests
  const { code, stderr } = await home.run(['logout', '--profile', 'main'])
  assert.equal(code, 0, stderr)
  assert.doesNotMatch(stderr, /could not be revoked/)
  assert.equal(mainToken(home), undefined, 'a token is still in the store')
  assert.equal((await home.run(['token', 'get', '--profile', 'main'])).code, 3)
  if (address === undefined) return
  const { pathname } = new URL(String(address))
  const asked = provider.front.requests.slice(before).filter(({ path }) => path === pathname)
  assert.ok(asked.length > 0, 'nothing was revoked')
}

/** What a thief had copied from the store is worth nothing after a logout. */
export async function deadAfterLogout({ home, provider, signInByDevice }: ProviderWorld): Promise<void> {
  const signedIn = await signInByDevice('main')
  assert.equal(signedIn.code, 0, signedIn.stderr)
  const copy = mainToken(home)
  if (copy === undefined) throw new Error('no token in the store')
  const userinfo = (await discover(provider)).userinfo_endpoint
  const asksUserinfo = async () => {
    const headers = { authorization: `Bearer ${copy.value.accessToken}` }
    return (await fetch(String(userinfo), { headers })).status
  }
  const before = userinfo === undefined ? undefined : await asksUserinfo()

  const { code, stderr } = await home.run(['logout', '--profile', 'main'])
  assert.equal(code, 0, stderr)
  // A token for another audience is none for userinfo, before or after.
  if (before === 200) assert.ok((await asksUserinfo()) >= 400, 'the access token still works')
  writeFileSync(copy.path, JSON.stringify({ v: 1, key: copy.key, value: JSON.stringify(copy.value) }), {
    mode: 0o600,
  })
  expire({ home })
  const renewed = await home.run(['token', 'get', '--profile', 'main'])
  assert.equal(renewed.code, 3, `the refresh token still works, or: ${renewed.stderr}`)
}

function mainToken(home: TestHome) {
  const { clientId } = home.config().profiles.main ?? {}
  return home.items().find(({ key }) => key.startsWith('token') && key.includes(`${clientId}`))
}
