import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** What stands in for what was left out. */
export interface Stage {
  /** Where the replay listens. */
  url: string
  /** The provider of the flow, as the recorded discovery names it. */
  issuer: string
  /** The flow did not ask the UserInfo endpoint for a name: the ID token had one. */
  tokenHasName: boolean
  /** Of the request that is answered. */
  clientId: string
  key: { privateKey: KeyObject; jwk: object }
}

export function makeKey(): Stage['key'] {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    privateKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid: 'replay', use: 'sig', alg: 'RS256' },
  }
}

/** Values with a form of their own, by the name of their member without case, `_` and `-`. */
const forms: Record<string, string> = {
  usercode: 'REPL-AYED',
  accesskeyid: 'STS.Replayed',
  accountid: '1000000000000001',
  accessconfigurationid: 'ac-replayed',
  accessconfigurationname: 'replayed',
  arn: 'acs:ram::1000000000000001:role/replayed',
}

let count = 0

/** Makes a body of an outline: values that were left out are made up, addresses lead here, instants are as far away as they were. */
export function revive(outline: unknown, stage: Stage, name = ''): unknown {
  if (Array.isArray(outline))
    return name === 'keys' ? [stage.key.jwk] : outline.map((each) => revive(each, stage, name))
  if (typeof outline === 'object' && outline !== null) {
    const members = Object.entries(outline).map(([key, value]) => [key, revive(value, stage, plain(key))])
    return Object.fromEntries(members)
  }
  return typeof outline === 'string' ? reviveText(outline, stage, name) : outline
}

function reviveText(text: string, stage: Stage, name: string): unknown {
  const [, kind, rest = ''] =
    /^\((text|jwt|url|instant|epoch|epoch-ms)(?:\) (.*)| (-?\d+) s\))?\)?$/s.exec(text) ?? []
  const seconds = Number(/(-?\d+) s\)$/.exec(text)?.[1] ?? 0)
  switch (kind) {
    case 'text':
      return forms[name] ?? `replayed-${++count}`
    case 'jwt':
      return signed(stage)
    case 'url':
      return `${stage.url}${new URL(rest).pathname.replaceAll('*', 'x').replace(/^\/$/, '')}`
    case 'instant':
      return new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
    case 'epoch':
      return Math.round(Date.now() / 1000) + seconds
    case 'epoch-ms':
      return Date.now() + seconds * 1000
    default:
      return text
  }
}

/** A token of the replayed provider for the client that asks. */
function signed({ issuer, clientId, key, tokenHasName }: Stage): string {
  const now = Math.floor(Date.now() / 1000)
  const name = tokenHasName ? { preferred_username: 'replayed' } : {}
  const claims = { iss: issuer, aud: clientId, sub: 'replayed', ...name, iat: now, exp: now + 3600 }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'RS256', kid: 'replay', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key.privateKey, 'base64url')}`
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '')
}
