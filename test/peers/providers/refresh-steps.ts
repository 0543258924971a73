import { strict as assert } from 'node:assert'
import { ageTokens } from '../../support/oidc-world.ts'
import type { StartedProvider } from './provider.ts'
import { type ProviderWorld, tokenOf } from './world.ts'

/** Makes all tokens look as if they had expired a second ago. */
export function expire({ home }: Pick<ProviderWorld, 'home'>): void {
  ageTokens({ home }, 'token', -1000)
}

/** Requests to the token endpoint so far. */
function tokenRequests({ front, tokenPath }: StartedProvider) {
  return front.requests.filter(({ method, path }) => method === 'POST' && tokenPath.test(path))
}

/** One request, a new token, no person. */
export async function silentRefresh(world: ProviderWorld): Promise<void> {
  const before = await tokenOf(world)
  expire(world)
  const { length: sent } = tokenRequests(world.provider)
  assert.notEqual(await tokenOf(world), before, 'the same token again')
  assert.equal(tokenRequests(world.provider).length, sent + 1, 'requests for one renewal')
}

/** One of them renews, and all get what it got. */
export async function tenAtExpiry(world: ProviderWorld): Promise<void> {
  expire(world)
  const { length: sent } = tokenRequests(world.provider)
  const get = () => world.home.run(['token', 'get', '--profile', 'main'], { ownProcess: true })
  const all = await Promise.all(Array.from({ length: 10 }, get))
  for (const { code, stderr } of all) assert.equal(code, 0, stderr)
  assert.equal(new Set(all.map(({ stdout }) => stdout)).size, 1, 'different tokens')
  assert.equal(tokenRequests(world.provider).length, sent + 1, 'requests for one renewal')
}

/** The provider has rotated, and the answer is lost: what follows is a new token or "sign in", never an endless error. */
export async function lostAnswer(world: ProviderWorld): Promise<void> {
  const { home, provider, signInByDevice } = world
  expire(world)
  provider.front.loseNext('POST', provider.tokenPath)
  const first = await home.run(['token', 'get', '--profile', 'main'])
  assert.ok([0, 3, 6].includes(first.code ?? -1), first.stderr)
  assert.ok(
    tokenRequests(provider).some(({ status }) => status === 0),
    'no answer was lost',
  )
  const second = await home.run(['token', 'get', '--profile', 'main'])
  assert.ok([0, 3].includes(second.code ?? -1), second.stderr)
  if (second.code === 0) return
  assert.match(second.stderr, /sesame login --profile main/)
  const { code, stderr } = await signInByDevice('main')
  assert.equal(code, 0, stderr)
}
