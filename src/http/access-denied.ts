import { asRecord, type FixedText, parseForeignJson, t } from '../kit/index.ts'
import { plain } from './error-members.ts'
import { foreignText } from './redaction/scrub.ts'

interface PolicyType {
  name: FixedText
  /** What its owner can do when nothing allows the action. */
  remedy: FixedText
}

const ownPolicies: PolicyType = { name: 'its own policies', remedy: 'Grant it that permission in RAM.' }

/** RAM's types of policy (see DecodeDiagnosticMessage in the documentation of RAM), by plain name. */
const policies: Record<string, PolicyType> = {
  accountlevelidentitybasedpolicy: ownPolicies,
  resourcegrouplevelidentitybasedpolicy: ownPolicies,
  identitybasedpolicy: ownPolicies,
  assumerolepolicy: { name: 'the trust policy of the role', remedy: 'Name it as a principal there.' },
  controlpolicy: {
    name: 'a control policy',
    remedy: 'Ask the administrator of the resource directory.',
  },
  sessionpolicy: {
    name: 'the session policy',
    remedy: 'Widen --policy, or the access configuration.',
  },
  resourcebasedpolicy: { name: 'the policy of the resource', remedy: 'Name it as a principal there.' },
}

const principals: Record<string, FixedText> = {
  subuser: 'the RAM user',
  assumedroleuser: 'the role session',
  federated: 'the SSO user',
}

/**
 * What RAM says about a denial in `AccessDeniedDetail` (an object, or the same as JSON in a string): to whom what was denied,
 * by which kind of policy, and what helps. Undefined for a body without it.
 */
export function explainDenial(body: unknown): string | undefined {
  const text = readDetail(body)
  const type = text('policytype') ?? text('nopermissionpolicytype')
  const verdict = text('nopermissiontype')
  const action = text('authaction')
  if (type === undefined && verdict === undefined && action === undefined) return undefined
  const policy = type === undefined ? undefined : policies[plain(type)]
  const by = nameOfPolicy(policy, type)
  const explicit = verdict !== undefined && plain(verdict) === 'explicitdeny'
  const shown = [type, verdict].filter((each) => each !== undefined).join(', ')
  const denied = t('Denied to {who}: {action}, by {policy}.', {
    who: principalOf(text),
    action: action ?? t('the call'),
    policy: shown === '' ? by : `${by} (${shown})`,
  })
  if (explicit)
    return t('{denied} A Deny statement there forbids it; ask who administers that policy.', { denied })
  return t('{denied} {remedy}', { denied, remedy: t(policy?.remedy ?? 'Ask who administers that policy.') })
}

function nameOfPolicy(policy: PolicyType | undefined, type: string | undefined): string {
  if (policy !== undefined) return t(policy.name)
  return type === undefined ? t('a policy') : t('a policy of type {type}', { type })
}

type Detail = (name: string) => string | undefined

function principalOf(text: Detail): string {
  const type = text('authprincipaltype')
  const known = type === undefined ? undefined : principals[plain(type)]
  const who = known === undefined ? type : t(known)
  const shown = [who, text('authprincipaldisplayname')].filter((each) => each !== undefined).join(' ')
  const account = text('authprincipalownerid')
  const name = shown === '' ? t('these credentials') : shown
  return account === undefined ? name : t('{name} of account {account}', { name, account })
}

/** The members of the detail by plain name, as they may be shown. */
function readDetail(body: unknown): Detail {
  const found = Object.entries(asRecord(body) ?? {}).find(
    ([name]) => plain(name) === 'accessdenieddetail',
  )?.[1]
  const detail = asRecord(typeof found === 'string' ? parseForeignJson(found)?.value : found) ?? {}
  const members = new Map(Object.entries(detail).map(([name, value]) => [plain(name), value]))
  return (name) => {
    const value = members.get(name)
    return typeof value === 'string' && value.trim() !== '' ? foreignText(value.trim(), 120) : undefined
  }
}
