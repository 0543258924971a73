import { refuseWith, StsRefusal } from './refusal.ts'

/** Parameters of every RPC call. */
const common = [
  'AccessKeyId',
  'Action',
  'Format',
  'SecurityToken',
  'Signature',
  'SignatureMethod',
  'SignatureNonce',
  'SignatureVersion',
  'Timestamp',
  'Version',
]

const ofAction: Record<string, readonly string[]> = {
  AssumeRole: ['DurationSeconds', 'ExternalId', 'Policy', 'RoleArn', 'RoleSessionName', 'SourceIdentity'],
  AssumeRoleWithOIDC: [
    'DurationSeconds',
    'OIDCProviderArn',
    'OIDCToken',
    'Policy',
    'RoleArn',
    'RoleSessionName',
  ],
  GetCallerIdentity: [],
}

export function isAction(action: string): boolean {
  return Object.hasOwn(ofAction, action)
}

/** Names that the call does not have. */
export function unknownParameters(action: string, names: Iterable<string>): string[] {
  return [...names].filter((name) => !common.includes(name) && !ofAction[action]?.includes(name))
}

export interface RoleParameters {
  roleArn: string
  roleSessionName: string
  durationSeconds: number
  externalId: string | undefined
}

/** @throws StsRefusal for parameters outside of the documented limits */
export function readRoleParameters(
  values: ReadonlyMap<string, string>,
  defaultSeconds: number,
): RoleParameters {
  const roleArn = required(values, 'RoleArn')
  if (!/^acs:ram::\d+:role\/[\w.-]{1,64}$/.test(roleArn)) refuseWith('InvalidParameter.RoleArn')
  const roleSessionName = required(values, 'RoleSessionName')
  if (!/^[A-Za-z0-9.@_-]{2,64}$/.test(roleSessionName)) refuseWith('InvalidParameter.RoleSessionName')
  const duration = values.get('DurationSeconds')
  if (duration !== undefined && !(/^\d+$/.test(duration) && Number(duration) >= 900)) {
    refuseWith('InvalidParameter.DurationSeconds')
  }
  checkPolicy(values.get('Policy'))
  const externalId = values.get('ExternalId')
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId)) {
    throw new StsRefusal(400, 'InvalidParameter.ExternalId', 'The parameter ExternalId is wrongly formed.')
  }
  return {
    roleArn,
    roleSessionName,
    durationSeconds: duration === undefined ? defaultSeconds : Number(duration),
    externalId,
  }
}

/** @throws StsRefusal when it is missing */
export function required(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name)
  if (!value) throw new StsRefusal(400, `Missing${name}`, `${name} is mandatory for this action.`)
  return value
}

function checkPolicy(policy: string | undefined): void {
  if (policy === undefined) return
  if (policy.length < 1 || policy.length > 2048) refuseWith('InvalidParameter.PolicyGrammar')
  let parsed: unknown
  try {
    parsed = JSON.parse(policy)
  } catch (error) {
    if (error instanceof SyntaxError) refuseWith('InvalidParameter.PolicyGrammar')
    throw error
  }
  const isPolicy =
    typeof parsed === 'object' &&
    parsed !== null &&
    'Version' in parsed &&
    parsed.Version === '1' &&
    'Statement' in parsed &&
    Array.isArray(parsed.Statement)
  if (!isPolicy) refuseWith('InvalidParameter.PolicyGrammar')
}
