import type { Fetch } from '../kit/index.ts'
import { openJwksSource } from './jwks-source.ts'
import type { JwksSource } from './jwks-source-options.ts'
import type { VerifyWorld } from './verify-world.ts'

/** Sources by the fetch that they use, and by URL: whoever only names a URL has the cooldown too. */
const sources = new WeakMap<Fetch, Map<string, JwksSource>>()

/** More than any service trusts; who makes up URLs as it goes must not fill the memory. */
const most = 100

/** The source for a URL; the same one each time for the same fetch. */
export function rememberedJwksSource(url: string, { fetch, clock }: VerifyWorld): JwksSource {
  const known = sources.get(fetch) ?? new Map<string, JwksSource>()
  sources.set(fetch, known)
  const source = known.get(url) ?? openJwksSource({ url, fetch, clock })
  if (!known.has(url) && known.size >= most) known.delete(known.keys().next().value ?? '')
  known.set(url, source)
  return source
}
