import { randomBytes } from 'node:crypto'
import { FederationRefusal } from './refusal.ts'

/** Sign-in tokens, and the sessions of browsers that they begin. */
export function createSessions({ lifeMs, nowMs }: { lifeMs: () => number; nowMs: () => number }) {
  const tokens = new Map<string, { accessKeyId: string; expiresAtMs: number }>()
  const sessions = new Map<string, string>()
  return {
    /** Base64 with the characters that have to be encoded in a query, as in the documented example. */
    issueToken(accessKeyId: string): string {
      const token = `${randomBytes(30).toString('base64')}+/=`
      tokens.set(token, { accessKeyId, expiresAtMs: nowMs() + lifeMs() })
      return token
    },
    /** Begins a session; gives the value of its cookie. @throws FederationRefusal for a token that is unknown, used or too old */
    redeem(token: string): string {
      const known = tokens.get(token)
      tokens.delete(token)
      if (known === undefined || nowMs() >= known.expiresAtMs)
        throw new FederationRefusal(
          'InvalidCredential.SigninToken',
          'The SigninToken is used or has expired.',
        )
      const session = randomBytes(24).toString('base64url')
      sessions.set(session, known.accessKeyId)
      return session
    },
    /** Whose session a cookie is. */
    userOf: (session: string): string | undefined => sessions.get(session),
  }
}
