import type { Profile, SignInFlow } from '../../profiles/index.ts'

/** What may be said about a profile, as it was said; an empty text takes the member away. */
export interface ProfileSettings {
  signInUrl?: string | undefined
  issuer?: string | undefined
  clientId?: string | undefined
  scope?: string | undefined
  audience?: string | undefined
  trustedHosts?: string | undefined
  flow?: SignInFlow | undefined
  redirectPort?: number | '' | undefined
  devicePkce?: boolean | undefined
  idaasUrl?: string | undefined
  applicationUuid?: string | undefined
  appKey?: string | undefined
  apiVersion?: string | undefined
  publicKey?: string | undefined
  sourceProfile?: string | undefined
  externalId?: string | undefined
  roleArn?: string | undefined
  oidcProviderArn?: string | undefined
  roleSessionName?: string | undefined
  durationSeconds?: number | '' | undefined
  policy?: string | undefined
  region?: string | undefined
  stsEndpoint?: string | undefined
}

type Setting = keyof ProfileSettings
type Kind = Profile['kind']

const everywhere: readonly Setting[] = ['region', 'stsEndpoint']
const role: readonly Setting[] = ['roleArn', 'roleSessionName', 'durationSeconds', 'policy']

/** The settings that each kind of profile has; the first ones tell that a profile is of this kind. */
export const settingsOf: Record<Kind, { own: readonly Setting[]; others: readonly Setting[] }> = {
  cloudsso: { own: ['signInUrl'], others: everywhere },
  oidc: {
    own: ['issuer', 'clientId', 'scope', 'audience', 'trustedHosts', 'flow', 'redirectPort', 'devicePkce'],
    others: ['oidcProviderArn', ...role, ...everywhere],
  },
  idaas: {
    own: ['idaasUrl', 'applicationUuid', 'appKey', 'apiVersion', 'publicKey'],
    others: ['oidcProviderArn', ...role, ...everywhere],
  },
  role: { own: ['sourceProfile', 'externalId'], others: [...role, ...everywhere] },
}

/** What a profile of each kind cannot be without. */
export const required: Record<Kind, readonly Setting[]> = {
  cloudsso: [],
  oidc: ['issuer', 'clientId'],
  idaas: ['idaasUrl', 'applicationUuid', 'appKey'],
  role: ['sourceProfile', 'roleArn'],
}

/** How each kind is called where people read it. */
export const kindNames: Record<Kind, string> = {
  cloudsso: 'CloudSSO',
  oidc: 'an OIDC provider',
  idaas: 'Alibaba IDaaS',
  role: 'a role of another profile',
}

/** The option of `sesame configure` that sets it. */
export function optionOf(setting: Setting): string {
  if (setting === 'signInUrl') return '--signin-url'
  if (setting === 'devicePkce') return '--no-device-pkce'
  return `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
