import { createHash } from 'node:crypto'
import type { RecordedRequest } from '../http/recorded-request.ts'
import { type AccessTokens, bearerOf } from './access-tokens.ts'
import type { DeviceCodes, DeviceGrant } from './device-codes.ts'
import { createPager } from './directory.ts'
import type { CloudSsoSettings } from './options.ts'
import { refuse } from './refusal.ts'
import {
  checkAccept,
  checkQuery,
  equals,
  filled,
  isChallenge,
  isVerifier,
  readMembers,
} from './request-checks.ts'
import { type IssuedKind, makeAccessKeyId, makeAccessKeySecret, makeSecurityToken } from './secrets.ts'

export interface PortalParts {
  settings: CloudSsoSettings
  deviceCodes: DeviceCodes
  accessTokens: AccessTokens
  /** Known only once the port is. */
  baseUrl(): string
  issue(kind: IssuedKind, value: string): string
  receivedVerifiers: string[]
  /** True as often as a test asked for a SlowDown. */
  takeSlowDown(): boolean
}

const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

/** The five calls of the portal. Each gives the 200 body without its RequestId, or throws a Refusal. */
export function createPortalApi(parts: PortalParts) {
  const { settings, deviceCodes, accessTokens } = parts
  const pager = createPager()

  const authorized = (request: RecordedRequest): void => {
    checkAccept(request)
    accessTokens.check(bearerOf(request))
  }

  const accountOf = (id: string) => {
    const account = settings.directory.accounts.find((one) => one.AccountId === id)
    // The same answer for an account that does not exist: the portal does not tell them apart.
    return account ?? refuse(403, 'Forbidden', 'You have no assignment in this account.')
  }

  return {
    deviceAuthorization(request: RecordedRequest): object {
      const asked = readMembers(request, {
        PortalUrl: filled,
        CodeChallenge: isChallenge,
        ClientId: filled,
        CodeChallengeMethod: equals('S256'),
      })
      if (asked.PortalUrl !== `${parts.baseUrl()}${settings.portalPath}`) {
        refuse(404, 'EntityNotExists.Portal', 'There is no directory with this sign-in URL.')
      }
      checkClientId(asked.ClientId, settings)
      const grant = deviceCodes.issue(asked.CodeChallenge, asked.ClientId, request)
      const page = `${parts.baseUrl()}/device/code`
      return {
        DeviceCode: parts.issue('device-code', grant.deviceCode),
        ExpiresIn: settings.deviceCodeSeconds,
        Interval: settings.wireIntervalSeconds,
        UserCode: grant.userCode,
        VerificationUri: page,
        VerificationUriComplete: `${page}?user_code=${grant.userCode}`,
      }
    },

    token(request: RecordedRequest): object {
      const asked = readMembers(request, {
        CodeVerifier: isVerifier,
        ClientId: filled,
        DeviceCode: filled,
        GrantType: equals(deviceGrantType),
      })
      checkClientId(asked.ClientId, settings)
      parts.receivedVerifiers.push(asked.CodeVerifier)
      const grant = deviceCodes.find(asked.DeviceCode)
      if (grant === undefined || grant.state === 'closed') return refuseDeviceCode()
      // Before the state is looked at: without the verifier the answer must not tell whether the person agreed.
      if (createHash('sha256').update(asked.CodeVerifier).digest('base64url') !== grant.codeChallenge) {
        refuse(400, 'InvalidCodeVerifierError', 'The code verifier does not match the code challenge.')
      }
      if (deviceCodes.isExpired(grant)) {
        grant.state = 'closed'
        return refuseDeviceCode()
      }
      const hasty = settings.enforceInterval && deviceCodes.wasTooSoon(request)
      if (hasty || parts.takeSlowDown()) {
        grant.requiredIntervalMs += settings.slowDownSeconds * 1000
        refuse(400, 'SlowDown', 'The device polls too often.')
      }
      return redeem(grant)
    },

    accounts(request: RecordedRequest): object {
      authorized(request)
      checkQuery(request, ['NextToken', 'MaxResults'])
      const { items, truncated } = pager.page('accounts', settings.directory.accounts, request.queryAll)
      const Accounts = items.map(({ AccountId, DisplayName }) => ({ AccountId, DisplayName }))
      return { Accounts, ...truncated }
    },

    accessConfigurations(request: RecordedRequest): object {
      authorized(request)
      checkQuery(request, ['AccountId', 'NextToken', 'MaxResults'])
      const accountId = request.query.AccountId
      if (!accountId) refuse(400, 'InvalidParameter', 'Missing parameter AccountId.')
      const all = accountOf(accountId).configurations
      const { items, truncated } = pager.page(`configurations of ${accountId}`, all, request.queryAll)
      return { AccessConfigurationsForAccount: items, ...truncated }
    },

    cloudCredentials(request: RecordedRequest): object {
      authorized(request)
      const asked = readMembers(request, { AccountId: filled, AccessConfigurationId: filled })
      const assigned = accountOf(asked.AccountId).configurations.some(
        (one) => one.AccessConfigurationId === asked.AccessConfigurationId,
      )
      if (!assigned) refuse(403, 'Forbidden', 'You are not assigned this access configuration.')
      const now = Date.now() + settings.dateOffsetSeconds * 1000
      const expiration = new Date(now + settings.sessionSeconds * 1000)
      return {
        CloudCredential: {
          AccessKeyId: makeAccessKeyId(),
          AccessKeySecret: parts.issue('access-key-secret', makeAccessKeySecret()),
          Expiration: `${expiration.toISOString().slice(0, 19)}Z`,
          SecurityToken: parts.issue('security-token', makeSecurityToken()),
        },
      }
    },
  }

  function redeem(grant: DeviceGrant): object {
    if (grant.state === 'pending') {
      grant.pendingAnswers += 1
      const { approve } = settings
      if (typeof approve === 'object' && grant.pendingAnswers > approve.afterPolls) grant.state = 'approved'
      else refuse(400, 'AuthorizationPending', 'The device is pending.')
    }
    const denied = grant.state === 'denied'
    grant.state = 'closed'
    // Assumed: no capture of a refusal by the person is public. Status and code follow the pending answer.
    if (denied) refuse(400, 'AccessDenied', 'The person declined the request.')
    return {
      AccessToken: parts.issue('access-token', accessTokens.issue(settings.accessTokenSeconds)),
      ExpiresIn: settings.accessTokenSeconds,
      TokenType: 'Bearer',
    }
  }
}

function checkClientId(clientId: string, settings: CloudSsoSettings): void {
  if (clientId !== settings.clientId) refuse(400, 'InvalidClientError', 'The client is unknown.')
}

function refuseDeviceCode(): never {
  return refuse(400, 'InvalidDeviceCodeError', 'The device code is invalid, expired or used.')
}
