import type { Profile } from '../../../profiles/index.ts'
import type { ProfileStatus } from '../../../session/index.ts'

/** A label and what stands beside it; what is not known is left out. */
export type Row = [string, string | undefined]

/** What is particular to the kind of profile. */
export function rowsOf({ profile, signInUrl = 'not configured' }: ProfileStatus): Row[] {
  switch (profile.kind) {
    case 'cloudsso':
      return [
        ['Sign-in URL', signInUrl],
        ['Account', both(profile.accountName, profile.accountId)],
        ['Access configuration', both(profile.accessConfigurationName, profile.accessConfigurationId)],
        ...everywhere(profile),
      ]
    case 'oidc':
      return [
        ['Issuer', profile.issuer],
        ['Client', profile.confidential ? `${profile.clientId} (with a secret)` : profile.clientId],
        ['Scope', profile.scope],
        ['Audience', profile.audience],
        ['Trusted hosts', profile.trustedHosts],
        ['Sign-in flow', profile.flow],
        ['Redirect port', profile.redirectPort?.toString()],
        ['Role', profile.roleArn],
        ['OIDC provider', profile.oidcProviderArn],
        ...roleRows(profile),
      ]
    case 'idaas':
      return [
        ['IDaaS', profile.idaasUrl],
        ['Application', profile.applicationUuid],
        ['appKey', profile.appKey],
        ['API version', profile.apiVersion],
        ['Role', profile.roleArn],
        ['OIDC provider', profile.oidcProviderArn],
        ...roleRows(profile),
      ]
    case 'role':
      return [
        ['Source profile', profile.sourceProfile],
        ['Role', profile.roleArn],
        ['External id', profile.externalId],
        ...roleRows(profile),
      ]
  }
}

function roleRows(profile: Exclude<Profile, { kind: 'cloudsso' }>): Row[] {
  return [
    ['Session name', profile.roleSessionName],
    ['Duration', profile.durationSeconds === undefined ? undefined : `${profile.durationSeconds} s`],
    ['Policy', profile.policy],
    ...everywhere(profile),
  ]
}

function everywhere({ region, stsEndpoint }: Profile): Row[] {
  return [
    ['Region', region],
    ['STS endpoint', stsEndpoint],
  ]
}

function both(name: string | undefined, id: string | undefined): string | undefined {
  return name === undefined ? id : `${name} (${id})`
}
