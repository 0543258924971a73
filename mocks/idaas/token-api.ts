import { randomUUID } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import type { KeyPair } from './key-pair.ts'
import type { IdaasSettings } from './options.ts'
import type { RefreshTokens } from './refresh-tokens.ts'
import { refuse } from './refusal.ts'
import { readMembers } from './request-members.ts'
import type { IdaasViolation } from './violations.ts'

export interface TokenApiParts {
  settings: IdaasSettings
  refreshTokens: RefreshTokens
  violations: IdaasViolation[]
  keyPair(): KeyPair
  /** Known only once the port is. */
  baseUrl(): string
  issue(kind: 'id-token' | 'refresh-token', value: string): string
}

/** The two calls. Each gives the `data` of a success, or throws an IdaasRefusal. */
export function createTokenApi(parts: TokenApiParts) {
  const { settings, refreshTokens } = parts

  const makeIdToken = (): string => {
    const iat = Math.floor(Date.now() / 1000 + settings.dateOffsetSeconds)
    const claims = settings.claims({
      iss: settings.issuer ?? parts.baseUrl(),
      sub: settings.userName,
      aud: settings.audience,
      iat,
      exp: iat + settings.idTokenSeconds,
      jti: randomUUID(),
    })
    return parts.issue('id-token', parts.keyPair().signToken(claims))
  }
  const makeRefreshToken = () => parts.issue('refresh-token', refreshTokens.issue(settings.refreshTokenDays))

  const checkApplication = (appKey: string): void => {
    if (!settings.enabled) refuse('The application is disabled.')
    if (appKey !== settings.appKey) refuse('The appKey is unknown.')
  }

  return {
    retrieve(request: RecordedRequest): object {
      const { appKey, appSecret } = readMembers(request, ['appKey', 'appSecret'])
      checkApplication(appKey)
      if (appSecret !== settings.appSecret) refuse('The appSecret is wrong.')
      const refresh_token = settings.refresh === 'off' ? undefined : makeRefreshToken()
      return { ...(refresh_token !== undefined && { refresh_token }), id_token: makeIdToken() }
    },

    refresh(request: RecordedRequest): object {
      if (request.text.includes('appSecret') || request.text.includes(settings.appSecret))
        parts.violations.push({ kind: 'app-secret-at-refresh', atMs: request.atMs })
      const { appKey, refresh_token } = readMembers(request, ['appKey', 'refresh_token'])
      checkApplication(appKey)
      if (settings.refresh === 'off') refuse('Refresh tokens are not enabled for this application.')
      const used = refreshTokens.check(refresh_token, request)
      if (settings.refresh === 'on') return { id_token: makeIdToken() }
      used.spentBy = request
      return { refresh_token: makeRefreshToken(), id_token: makeIdToken() }
    },
  }
}
