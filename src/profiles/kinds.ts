import { type FixedText, t } from '../kit/index.ts'
import type { AnySettings } from './profile.ts'
import type { Kind } from './setting.ts'

/** What is said to people about one kind of profile. */
interface KindWords {
  /** As in "a profile of …". */
  name: FixedText
  /** In the list of kinds to choose from. */
  choice: FixedText
  /** The settings that say first of all how such a profile signs in. */
  saidBy: readonly (keyof AnySettings)[]
  /** The line about a profile that was just configured. */
  configured(name: string, profile: AnySettings): string | undefined
  examples: readonly string[]
}

export const kinds: Readonly<Record<Kind, KindWords>> = {
  cloudsso: {
    name: 'CloudSSO',
    choice: 'CloudSSO: an Alibaba Cloud sign-in URL',
    saidBy: ['signInUrl'],
    configured: (name, { signInUrl }) =>
      signInUrl && t('Sign-in URL of profile {name}: {signInUrl}', { name, signInUrl }),
    examples: [
      'sesame configure --signin-url https://signin-cn-shanghai.alibabacloudsso.com/acme/login',
      'sesame configure --profile prod --signin-url https://signin-us-west-1.alibabacloudsso.com/acme/login',
    ],
  },
  oidc: {
    name: 'an OIDC provider',
    choice: 'OIDC: Keycloak, Entra ID, Okta, any other provider',
    saidBy: ['issuer', 'clientId'],
    configured: (name, { issuer = '', clientId = '' }) =>
      t('Profile {name} signs in at {issuer} as client {clientId}.', { name, issuer, clientId }),
    examples: ['sesame configure --profile corp --issuer https://id.example.com --client-id sesame'],
  },
  idaas: {
    name: 'Alibaba IDaaS',
    choice: 'IDaaS: the API token of an application',
    saidBy: ['idaasUrl'],
    configured: (name, { idaasUrl = '', applicationUuid = '' }) =>
      t('Profile {name} gets its token at {idaasUrl} for application {applicationUuid}.', {
        name,
        idaasUrl,
        applicationUuid,
      }),
    examples: [],
  },
  role: {
    name: 'a role of another profile',
    choice: 'Role: with the credentials of another profile',
    saidBy: ['sourceProfile'],
    configured: (name, { sourceProfile = '' }) =>
      t('Profile {name} assumes its role with the credentials of profile {sourceProfile}.', {
        name,
        sourceProfile,
      }),
    examples: [
      'sesame configure --profile admin --source-profile dev \\\n    --role-arn acs:ram::123456789012:role/admin',
    ],
  },
}
