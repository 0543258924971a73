import { expect } from 'vitest'
import type { RecordedRequest } from '../../../mocks/index.ts'
import { readAcs3 } from '../../../mocks/index.ts'
import type { Clock } from '../../../src/kit/clock.ts'
import type { CloudKeys } from './cloud-keys.ts'
import type { Reply, Sent, Wire } from './wire.ts'

interface StsRoleScript {
  /** ARNs of roles, or of OIDC providers, that may assume it. */
  trusts: string
  externalId?: string
}

/** One call that STS answered with success. */
interface StsCallMade {
  host: string
  action: string
  values: Record<string, string>
}

/** STS as a script: every region's endpoint, and the roles that a test names. */
export interface Sts {
  roles: Record<string, StsRoleScript>
  answered: StsCallMade[]
  /** ID tokens that it accepts, and when they expire. */
  idTokens: Map<string, Date>
  /** How long a session is without a wish. */
  defaultSeconds: number
}

export function serveSts({ wire, clock, keys }: { wire: Wire; clock: Clock; keys: CloudKeys }): Sts {
  const sts: Sts = { roles: {}, answered: [], idTokens: new Map(), defaultSeconds: 3600 }
  const nearNow = (text: string | undefined) =>
    expect(Math.abs(new Date(String(text)).getTime() - clock.now().getTime())).toBeLessThan(2_000)

  /** Whose credentials signed it; a refusal where STS does not know them. */
  function callerOf(sent: Sent): string | Reply {
    const signed = readAcs3(recorded(sent))
    if (signed === undefined) throw new Error('a call without a signature')
    nearNow(sent.headers['x-acs-date'])
    const key = keys.find(signed.accessKeyId)
    if (key === undefined) return refusal(404, 'InvalidAccessKeyId.NotFound')
    expect(signed.isSignedWith(key.accessKeySecret)).toBe(true)
    expect(signed.securityToken).toBe(key.securityToken)
    return key.expiresAt > clock.now() ? key.arn : refusal(400, 'InvalidSecurityToken.Expired')
  }

  function session(values: Record<string, string>, caller: string): Reply {
    const { RoleArn = '', DurationSeconds, ExternalId } = values
    const role = sts.roles[RoleArn]
    if (role === undefined) return refusal(404, 'EntityNotExist.Role')
    if (role.trusts !== caller || role.externalId !== ExternalId) return refusal(403, 'NoPermission')
    const Credentials = keys.issue(RoleArn, Number(DurationSeconds ?? sts.defaultSeconds))
    return { status: 200, body: { Credentials, RequestId: 'request-1' } }
  }

  function byIdToken({ OIDCToken = '', OIDCProviderArn = '', ...values }: Record<string, string>): Reply {
    const expiresAt = sts.idTokens.get(OIDCToken)
    if (expiresAt === undefined) return refusal(401, 'AuthenticationFail.OIDCToken.Invalid')
    if (expiresAt <= clock.now()) return refusal(401, 'AuthenticationFail.OIDCToken.Expired')
    return session(values, OIDCProviderArn)
  }

  function answer(sent: Sent): Reply {
    const action = sent.headers['x-acs-action']
    const query = Object.fromEntries(sent.url.searchParams)
    if (action === undefined) {
      expect(query).toMatchObject({ Action: 'AssumeRoleWithOIDC', Format: 'JSON', Version: '2015-04-01' })
      nearNow(query.Timestamp)
      return done(sent, 'AssumeRoleWithOIDC', sent.form ?? {}, byIdToken(sent.form ?? {}))
    }
    expect(sent.headers['x-acs-version']).toBe('2015-04-01')
    const caller = callerOf(sent)
    if (typeof caller !== 'string') return caller
    if (action === 'GetCallerIdentity')
      return done(sent, action, query, { status: 200, body: { Arn: caller, RequestId: 'request-1' } })
    expect(action).toBe('AssumeRole')
    return done(sent, action, query, session(query, caller))
  }

  function done({ url }: Sent, action: string, values: Record<string, string>, reply: Reply): Reply {
    if (reply.status === 200) sts.answered.push({ host: url.host, action, values })
    return reply
  }

  wire.serve(/^sts(?:-vpc)?(?:\.[a-z0-9-]+)?\.aliyuncs\.com$/, { 'POST /': answer })
  return sts
}

/** A refusal in the words of STS. */
export function refusal(status: number, code: string): Reply {
  return { status, body: { Code: code, Message: 'No.', RequestId: 'request-1' } }
}

/** The request as the reader of signatures takes it. */
function recorded({ method, url, headers, text }: Sent): RecordedRequest {
  return {
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    queryAll: url.searchParams,
    headers: { ...headers, host: url.host },
    body: undefined,
    text,
    atMs: 0,
    connectionId: 0,
    remoteAddress: '',
  }
}
