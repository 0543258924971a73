import { deviceBends, discoveryBends, refreshBends, tokenBends } from './answer-bends.ts'
import { idTokenBends, type TokenKeys } from './id-token-bends.ts'
import { type JwtDraft, signJwt } from './jwt.ts'

/** Where the redirect to the program goes wrong, and whether pendings come as failures. */
const otherBends = [
  'redirect:other-state',
  'redirect:no-state',
  'redirect:other-issuer',
  'redirect:no-issuer',
  'redirect:no-code',
  /** GitHub's way: an error with status 200. */
  'pending:status-200',
  'pending:no-error',
] as const

const tables = { ...discoveryBends, ...deviceBends, ...tokenBends, ...refreshBends }

/** One thing that is not as it should be; the part before the colon says in which answer. */
export type Bend = keyof typeof tables | keyof typeof idTokenBends | (typeof otherBends)[number]

export const allBends: readonly Bend[] = [
  ...(Object.keys(tables) as (keyof typeof tables)[]),
  ...(Object.keys(idTokenBends) as (keyof typeof idTokenBends)[]),
  ...otherBends,
]

/** Applies the bends of one answer, e.g. all that begin with `device:`. */
export function bend(
  answer: object,
  part: 'discovery' | 'device' | 'token' | 'refresh',
  bends: readonly Bend[],
): object {
  const table: Record<string, (answer: Record<string, unknown>) => Record<string, unknown>> = tables
  return bends
    .filter((name) => name.startsWith(`${part}:`))
    .reduce((bent, name) => table[name]?.(bent) ?? bent, { ...answer } as Record<string, unknown>)
}

/** An ID token, wrong in the first way that is asked for. */
export function makeIdToken(draft: JwtDraft, keys: TokenKeys, bends: readonly Bend[]): string {
  for (const name of bends) {
    if (Object.hasOwn(idTokenBends, name)) return idTokenBends[name as keyof typeof idTokenBends](draft, keys)
  }
  return signJwt(draft, keys.own)
}
